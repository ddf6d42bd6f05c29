//! Parties that do not fit a role are refused, each with its code.

use crate::testing::refuses;

#[test]
fn parties_that_do_not_fit_are_refused() {
    let loan = |lender: &str| {
        format!(
            "[parties.c]\n[parties.d]\n[contracts.k]\ntype = \"loan\"\nborrower = \"b\"\namount = \"$100M\"\n\
            rate = \"9%\"\ndrawn = \"2026-02\"\nmaturity = \"2028-02\"\nlender = {lender}\n"
        )
    };
    refuses(&loan("{ a = \"60%\", c = \"50%\" }"), "E0703");
    refuses(&loan("{ a = \"$60M\", c = \"50%\" }"), "E0703");
    refuses(&loan("{ a = \"rest\", c = \"rest\" }"), "E0724");
    refuses(&loan("[\"a\", \"c\", \"a\"]"), "E0724");
    refuses(&loan("[\"a\", \"b\"]"), "E0704");
    refuses(&loan("[\"a\", \"nobody\"]"), "E0601");
    refuses(&loan("[\"others\"]"), "E0724");
    refuses(&loan("{ a = \"1 GW\", c = \"50%\" }"), "E0302");
}
