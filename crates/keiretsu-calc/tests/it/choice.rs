//! `keiretsu calc choice`: its columns, and how well the weight of affiliation is known.

use crate::harness::run;

#[test]
fn choice_finds_its_columns_by_heading_or_by_place() {
    let by_heading = "price,chosen,choice,alternative\n1,1,x,a\n2,0,x,b\n2,1,y,a\n1,0,y,b\n1,1,z,b\n3,0,z,a\n\
        1,0,w,a\n3,1,w,b\n";
    let by_place = "x;a;1;1\nx;b;0;2\ny;a;1;2\ny;b;0;1\nz;b;1;1\nz;a;0;3\nw;a;0;1\nw;b;1;3\n";
    let headed = run("choice", "a.csv", by_heading, &[]).well();
    let placed = run("choice", "b.csv", &format!("n;m;y;price\n{by_place}"), &[]).well();
    assert_eq!(headed, placed);
    let constants = run("choice", "a.csv", by_heading, &["--constants", "b"]).well();
    assert_eq!(constants["coefficients"][1]["name"], "a");
}

#[test]
fn choice_says_how_well_the_weight_of_affiliation_is_known() {
    let head = "choice,alternative,chosen,own,price,user\n";
    let rows = |users: usize| -> String {
        (0..64)
            .map(|n: usize| {
                let (own, other) = (n % 8, n / 8);
                let first = ((n * 2_654_435_761) >> 7) & 1;
                let user = n % users;
                let prices = [1 + n % 3, 1 + n / 3 % 3];
                format!("{n},a{own},{first},1,{},{user}\n", prices[0])
                    + &format!("{n},o{other},{},0,{},{user}\n", 1 - first, prices[1])
            })
            .collect()
    };
    let ask = |users: usize, more: &[&str]| {
        let words = [&["--attributes", "own,price", "--affiliated", "own"], more].concat();
        run("choice", "a.csv", &format!("{head}{}", rows(users)), &words).well()
    };
    let alone = ask(8, &[]);
    assert!(alone["affiliation"]["low"].is_number(), "{alone}");
    assert!(alone["notes"].to_string().contains("without --cluster"), "{alone}");
    assert!(alone["notes"].to_string().contains("no attribute `position`"), "{alone}");
    let few = ask(2, &["--cluster", "user"]);
    assert!(few["notes"].to_string().contains("2 clusters count as 2.0"), "{few}");
    // With two clusters of like size the reference is t with one degree of freedom: 2 (1/2 - atan(z) / pi).
    let own = &few["coefficients"][0];
    let (z, p) = (own["z"].as_f64().expect("z"), own["p"].as_f64().expect("p"));
    assert!((p - (1.0 - 2.0 * z.abs().atan() / std::f64::consts::PI)).abs() < 1e-12, "{z} {p}");
}

/// What is not known is not one cluster more.
#[test]
fn a_choice_without_a_cluster_is_refused() {
    let text = |user: &str| {
        format!(
            "choice,alternative,chosen,price,user\nx,a,1,1,1\nx,b,0,2,1\ny,a,0,2,{user}\ny,b,1,1,{user}\n"
        )
    };
    run("choice", "a.csv", &text(""), &["--cluster", "user"]).is_unreadable(&["the cluster is missing"]);
    let by_formula = ["--cluster", "1/user"];
    run("choice", "a.csv", &text("0"), &by_formula).is_unreadable(&["the cluster is not a finite number"]);
}
