//! Texts of contracts with some months of life: a name and a text each.

/// Contracts of every type that commits, each over some months after the start: name and text.
pub(super) const LIVES: [(&str, &str); 49] = [
    (
        "a yearly minimum",
        "[contracts.s]\ntype = \"supply\"\nbuyer = \"a\"\nseller = \"b\"\n\
        from = \"2025-08\"\nuntil = \"2028-01\"\nminimum = \"$12M/yr\"",
    ),
    (
        "a quarterly minimum from the middle of a month",
        "[contracts.s]\ntype = \"supply\"\nbuyer = \"a\"\nseller = \"b\"\n\
        from = 2025-08-15\nuntil = 2027-08-14\nminimum = \"$3M per quarter\"",
    ),
    (
        "a monthly minimum that is amended",
        "[contracts.s]\ntype = \"supply\"\nbuyer = \"a\"\nseller = \"b\"\n\
        from = \"2025-08\"\nuntil = \"2027-07\"\nminimum = \"$1M/month\"\n\
        amendments = [{ on = 2026-05-10, set = { minimum = \"$2M/month\", until = \"2028-01\" } }]",
    ),
    (
        "a total with a ramp",
        "[contracts.s]\ntype = \"supply\"\nbuyer = \"a\"\nseller = \"b\"\n\
        from = \"2025-09\"\nminimum = \"$36M over 3 years\"\nramp = \"linear\"",
    ),
    (
        "a total amended to nothing new",
        "[contracts.s]\ntype = \"supply\"\nbuyer = \"a\"\nseller = \"b\"\n\
        from = \"2025-09\"\nminimum = \"$24M over 2 years\"\n\
        amendments = [{ on = 2026-03-10, set = { minimum = \"$24M over 2 years\" } }]",
    ),
    (
        "a minimum that becomes another kind",
        "[contracts.s]\ntype = \"supply\"\nbuyer = \"a\"\nseller = \"b\"\n\
        from = \"2025-09\"\nuntil = \"2028-02\"\nminimum = \"$12M/yr\"\n\
        amendments = [{ on = 2026-12-01, set = { minimum = \"$1.5M/month\" } }]",
    ),
    (
        "a prepayment of a total",
        "[contracts.s]\ntype = \"supply\"\nbuyer = \"a\"\nseller = \"b\"\n\
        from = \"2025-09\"\nminimum = \"$50M over 30 months\"\nprepayment = \"30%\"",
    ),
    (
        "a prepayment of monthly bills",
        "[contracts.s]\ntype = \"supply\"\nbuyer = \"a\"\nseller = \"b\"\n\
        from = \"2025-09\"\nuntil = \"2028-02\"\nminimum = \"$1M/month\"\nprepayment = \"$6M\"\n\
        prepaid = \"2026-01\"",
    ),
    (
        "use ahead of a total",
        "[contracts.s]\ntype = \"supply\"\nbuyer = \"a\"\nseller = \"b\"\n\
        from = \"2025-09\"\nminimum = \"$36M over 3 years\"\nusage = \"$1.5M/month\"",
    ),
    (
        "use behind a yearly minimum that may be made up",
        "[contracts.s]\ntype = \"supply\"\nbuyer = \"a\"\nseller = \"b\"\n\
        from = \"2025-09\"\nuntil = \"2028-02\"\nminimum = \"$18M/yr\"\ncarry = true\nusage = \"$1M/month\"",
    ),
    (
        "use of a quarterly minimum and a prepayment",
        "[contracts.s]\ntype = \"supply\"\nbuyer = \"a\"\nseller = \"b\"\n\
        from = \"2025-09\"\nuntil = \"2028-02\"\nminimum = \"$6M per quarter\"\n\
        usage = \"$1M/month\"\nprepayment = \"$10M\"",
    ),
    (
        "a lease that grows",
        "[contracts.l]\ntype = \"lease\"\nlessee = \"a\"\nlessor = \"b\"\nfrom = 2025-09-15\n\
        rent = \"$1.2M/yr\"\nterm = \"30 months\"\nescalator = \"10%\"",
    ),
    (
        "a lease for a total",
        "[contracts.l]\ntype = \"lease\"\nlessee = \"a\"\nlessor = \"b\"\nfrom = \"2025-09\"\n\
        rent = \"$30M\"\nterm = \"30 months\"\nescalator = \"3%\"\n\
        amendments = [{ on = 2026-08-01, set = { rent = \"$36M\" } }]",
    ),
    (
        "a lease amended to nothing new",
        "[contracts.l]\ntype = \"lease\"\nlessee = \"a\"\nlessor = \"b\"\n\
        from = \"2025-09\"\nrent = \"$30M\"\nterm = \"30 months\"\nescalator = \"3%\"\n\
        amendments = [{ on = 2026-08-01, set = { rent = \"$30M\" } }]",
    ),
    (
        "a lease with other terms",
        "[contracts.l]\ntype = \"lease\"\nlessee = \"a\"\nlessor = \"b\"\nfrom = \"2025-09\"\n\
        rent = \"$1.2M/yr\"\nterm = \"12 months\"\nescalator = \"10%\"\n\
        amendments = [{ on = 2026-02-20, set = { term = \"40 months\" } }, \
        { on = 2027-02-01, set = { escalator = \"20%\", rent = \"$1.5M/yr\" } }]",
    ),
    (
        "a lease that is left early",
        "[contracts.l]\ntype = \"lease\"\nlessee = \"a\"\nlessor = \"b\"\nfrom = \"2025-09\"\n\
        rent = \"$1.2M/yr\"\nterm = \"30 months\"\n\
        amendments = [{ on = 2026-02-20, set = { term = \"9 months\" } }]",
    ),
    (
        "a lease that is renewed",
        "[contracts.l]\ntype = \"lease\"\nlessee = \"a\"\nlessor = \"b\"\nfrom = \"2025-09\"\n\
        rent = \"$1.2M/yr\"\nterm = \"10 months\"\nescalator = \"10%\"\n\
        renewal = { options = 2, term = \"8 months\", when = \"2025-08\", rent_share = \"90%\" }\n\
        residual = { guaranteed = \"up to $5M\", value = \"$3M\", cap = \"$1.5M\" }",
    ),
    (
        "a building programme",
        "[contracts.k]\ntype = \"capex\"\nspender = \"a\"\nfrom = 2025-08-20\nuntil = 2027-08-19\n\
        amount = \"$24M\"\nramp = \"linear\"\nsuppliers = { b = \"60%\" }",
    ),
    (
        "a building programme that grows",
        "[contracts.k]\ntype = \"capex\"\nspender = \"a\"\nfrom = \"2025-08\"\n\
        until = \"2027-07\"\namount = \"$24M\"\nsuppliers = { b = \"60%\" }\n\
        amendments = [{ on = 2026-05-01, set = { amount = \"$48M\", until = \"2028-07\" } }, \
        { on = 2027-01-01, set = { suppliers = { b = \"25%\" } } }]",
    ),
    (
        "building at a rate",
        "[contracts.k]\ntype = \"capex\"\nspender = \"a\"\nfrom = \"2025-08\"\nuntil = \"2027-07\"\n\
        amount = \"$12M/yr\"\namendments = [{ on = 2026-05-10, set = { amount = \"$24M/yr\" } }]",
    ),
    (
        "a bullet",
        "[contracts.l]\ntype = \"loan\"\nlender = \"a\"\nborrower = \"b\"\namount = \"$12M\"\n\
        rate = \"12%\"\n\
        drawn = \"2025-08\"\nmaturity = \"2027-05\"\nfrequency = \"quarterly\"",
    ),
    (
        "a loan drawn over months",
        "[contracts.l]\ntype = \"loan\"\nlender = \"a\"\nborrower = \"b\"\namount = \"$12M\"\n\
        rate = \"12%\"\ndrawn = \"2025-08 to 2026-07\"\nmaturity = \"2027-05\"\nfrequency = \"half-yearly\"",
    ),
    (
        "equal parts",
        "[contracts.l]\ntype = \"loan\"\nlender = \"a\"\nborrower = \"b\"\namount = \"$12M\"\n\
        rate = \"12%\"\n\
        drawn = 2025-08-10\nmaturity = \"2027-05\"\nrepayment = \"linear\"\nfrequency = \"quarterly\"\n\
        grace = \"6 months\"",
    ),
    (
        "an annuity",
        "[contracts.l]\ntype = \"loan\"\nlender = \"a\"\nborrower = \"b\"\namount = \"$12M\"\n\
        rate = \"12%\"\n\
        drawn = \"2025-08\"\nmaturity = \"2027-05\"\nrepayment = \"annuity\"",
    ),
    (
        "an annuity at a new rate",
        "[contracts.l]\ntype = \"loan\"\nlender = \"a\"\nborrower = \"b\"\namount = \"$12M\"\n\
        rate = \"12%\"\ndrawn = \"2025-08\"\nmaturity = \"2027-05\"\nrepayment = \"annuity\"\n\
        amendments = [{ on = 2026-04-10, set = { rate = \"6%\", spread = \"3%\" } }]",
    ),
    (
        "interest that is added",
        "[contracts.l]\ntype = \"loan\"\nlender = \"a\"\nborrower = \"b\"\namount = \"$20M\"\n\
        rate = \"6%\"\ninterest = \"added\"\ndrawn = 2025-08-10\nmaturity = \"2027-05\"",
    ),
    (
        "a loan put off",
        "[contracts.l]\ntype = \"loan\"\nlender = \"a\"\nborrower = \"b\"\namount = \"$20M\"\nrate = \"6%\"\n\
        drawn = \"2025-08\"\nmaturity = \"2026-09\"\namendments = [\
        { on = 2026-03-10, set = { maturity = \"2027-09\", repayment = \"linear\" } }]",
    ),
    (
        "a loan amended to nothing new",
        "[contracts.l]\ntype = \"loan\"\nlender = \"a\"\nborrower = \"b\"\n\
        amount = \"$20M\"\nrate = \"6%\"\ndrawn = \"2025-08 to 2026-10\"\nmaturity = \"2027-09\"\n\
        amendments = [{ on = 2026-03-10, set = { amount = \"$20M\", maturity = \"2027-09\" } }]",
    ),
    (
        "a loan that is not all drawn as signed",
        "[contracts.l]\ntype = \"loan\"\nlender = \"a\"\nborrower = \"b\"\n\
        amount = \"$20M\"\nrate = \"6%\"\ndrawn = \"2025-08 to 2026-07\"\nmaturity = \"2027-09\"\n\
        standing = \"paid\"\n\
        amendments = [{ on = 2026-03-10, set = { amount = \"$40M\" } }]",
    ),
    (
        "a line in use",
        "[contracts.l]\ntype = \"loan\"\nlender = \"a\"\nborrower = \"b\"\namount = \"$10M\"\nrate = \"6%\"\n\
        drawn = \"2025-07\"\nmaturity = \"2027-05\"\nrepayment = \"revolving\"\nusage = \"$10M\"",
    ),
    (
        "a line of which less is used than drawn",
        "[contracts.l]\ntype = \"loan\"\nlender = \"a\"\nborrower = \"b\"\namount = \"$10M\"\nrate = \"6%\"\n\
        drawn = \"2026-02\"\nmaturity = \"2027-05\"\nrepayment = \"revolving\"\nusage = \"$4M\"\n\
        frequency = \"quarterly\"",
    ),
    (
        "a line drawn over months",
        "[contracts.l]\ntype = \"loan\"\nlender = \"a\"\nborrower = \"b\"\namount = \"$10M\"\nrate = \"6%\"\n\
        drawn = \"2025-10 to 2026-07\"\nmaturity = \"2027-05\"\nrepayment = \"revolving\"\n\
        usage = \"if 2026-05 then $8M else if 2026-02 then $3M else $5M\"",
    ),
    (
        "use that a path states",
        "[factors.f]\npath = { 2025-08 = '$6M/yr', 2025-12 = '$30M/yr', 2026-06 = '$12M/yr', \
        later = '$24M/yr' }\n\
        [contracts.s]\ntype = \"supply\"\nbuyer = \"a\"\nseller = \"b\"\nfrom = \"2025-08\"\n\
        until = \"2028-07\"\nusage = \"f\"\nminimum = \"$5M/quarter\"",
    ),
    (
        "a residual value",
        "[contracts.l]\ntype = \"lease\"\nlessee = \"a\"\nlessor = \"b\"\nfrom = \"2025-08\"\n\
        rent = \"$12M/yr\"\nterm = \"12 months\"\nresidual = { guaranteed = \"$20M\", \
        value = \"if 2026-06 then $15M else $30M\", cap = \"$4M\" }",
    ),
    (
        "a share that ends",
        "[contracts.r]\ntype = \"revenue_share\"\npayer = \"a\"\npayee = \"b\"\nfrom = \"2025-08\"\n\
        until = \"2027-07\"\nrate = \"10%\"\nbase = \"if 2026-04 then $240M/yr else $120M/yr\"",
    ),
    (
        "a minimum that a date ends",
        "[contracts.s]\ntype = \"supply\"\nbuyer = \"a\"\nseller = \"b\"\nfrom = \"2025-08\"\n\
        until = \"2028-07\"\nminimum = \"$6M/quarter\"\nterminated_when = \"2027-03\"\n\
        termination_fee = \"$3M\"",
    ),
    (
        "a lease that a date ends",
        "[contracts.l]\ntype = \"lease\"\nlessee = \"a\"\nlessor = \"b\"\nfrom = \"2025-08\"\n\
        rent = \"$12M/yr\"\nterm = \"30 months\"\nescalator = \"10%\"\nterminated_when = \"2026-11\"",
    ),
    (
        "capital that a date ends",
        "[contracts.e]\ntype = \"equity\"\ninvestor = \"a\"\nissuer = \"b\"\nterminated_when = \"2026-11\"\n\
        tranches.t = { amount = \"$24M\", on = \"2025-08 to 2027-07\" }",
    ),
    (
        "capital over months",
        "[contracts.e]\ntype = \"equity\"\ninvestor = \"a\"\nissuer = \"b\"\n\
        tranches.t = { amount = \"$24M\", on = \"2025-08 to 2027-07\" }",
    ),
    (
        "capital that grows",
        "[contracts.e]\ntype = \"equity\"\ninvestor = \"a\"\nissuer = \"b\"\n\
        tranches.t = { amount = \"$24M\", on = \"2025-08 to 2027-07\" }\n\
        tranches.u = { amount = \"$5M\", on = 2027-01-10 }\n\
        amendments = [{ on = 2026-05-10, set = { \
        tranches = { t = { amount = \"$48M\", on = \"2025-08 to 2027-07\" } } } }]",
    ),
    (
        "capital put off",
        "[contracts.e]\ntype = \"equity\"\ninvestor = \"a\"\nissuer = \"b\"\n\
        tranches.t = { amount = \"$24M\", on = \"2026-12\" }\n\
        amendments = [{ on = 2026-05-10, set = { tranches = { t = { amount = \"$30M\", \
        on = \"2027-03\" } } } }]",
    ),
    (
        "capital on a condition",
        "[contracts.e]\ntype = \"equity\"\ninvestor = \"a\"\nissuer = \"b\"\n\
        tranches.t = { amount = \"$24M\", when = \"2027-09\" }\n\
        amendments = [{ on = 2026-05-10, set = { tranches = { t = { amount = \"$30M\", \
        when = \"2027-09\" } } } }]",
    ),
    (
        "a loan on a condition",
        "[contracts.l]\ntype = \"loan\"\nlender = \"a\"\nborrower = \"b\"\namount = \"$12M\"\n\
        rate = \"12%\"\nwhen = \"2025-10 and 2026-02\"\nmaturity = \"2027-05\"\nrepayment = \"linear\"",
    ),
    (
        "a lease on a condition",
        "[contracts.l]\ntype = \"lease\"\nlessee = \"a\"\nlessor = \"b\"\n\
        begins_when = \"2026-02\"\nrent = \"$1.2M/yr\"\nterm = \"18 months\"\nescalator = \"10%\"\n\
        amendments = [{ on = 2026-08-01, set = { rent = \"$1.5M/yr\" } }]",
    ),
    (
        "a note that converts on a date",
        "[contracts.n]\ntype = \"convertible\"\nholder = \"a\"\nissuer = \"b\"\n\
        rate = \"12%\"\nprice = \"$500M\"\nconverts_when = \"2026-03\"\n\
        tranches.t = { amount = \"$12M\", on = \"2025-08 to 2026-03\" }",
    ),
    (
        "credits",
        "[contracts.l]\ntype = \"lease\"\nlessee = \"a\"\nlessor = \"b\"\nfrom = \"2025-08\"\n\
        rent = \"$1M/month\"\nterm = \"30 months\"\n[contracts.c]\ntype = \"credits\"\ngrantor = \"b\"\n\
        recipient = \"a\"\nusable_on = \"l\"\namount = \"$10M\"\non = \"2025-10 to 2026-07\"\n\
        amendments = [{ on = 2026-04-10, set = { amount = \"$25M\" } }]",
    ),
    (
        "a backstop",
        "[contracts.u]\ntype = \"backstop\"\nbuyer = \"a\"\nseller = \"b\"\nfrom = 2025-08-15\n\
        until = 2028-08-14\noffered = \"3 GW\"\nsold = \"1 GW\"\nprice = \"$12M/GW/yr\"\n\
        cap = \"up to $25M\"\n\
        amendments = [{ on = 2026-04-10, set = { cap = \"up to $40M\" } }]",
    ),
    (
        "a share of revenue",
        "[contracts.r]\ntype = \"revenue_share\"\npayer = \"a\"\npayee = \"b\"\nfrom = 2025-08-15\n\
        until = 2028-08-14\nrate = \"10%\"\nbase = \"$120M/yr\"\ncap = \"$25M\"\n\
        amendments = [{ on = 2026-04-10, set = { rate = \"20%\" } }]",
    ),
    (
        "a note",
        "[contracts.n]\ntype = \"convertible\"\nholder = \"a\"\nissuer = \"b\"\nrate = \"12%\"\n\
        maturity = \"2027-05\"\ntranches.t = { amount = \"$12M\", on = \"2025-08 to 2026-07\" }",
    ),
];
