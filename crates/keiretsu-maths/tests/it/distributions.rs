//! The normal, gamma and Student distributions agree with published and computed values.

// Digits as computed.
#![expect(clippy::unreadable_literal, reason = "tables are copied as published")]

use keiretsu_maths::gamma::{chi_square_inverse, gamma_inverse, gamma_p, ln_gamma};
use keiretsu_maths::normal::{normal_cdf, normal_inverse};
use keiretsu_maths::normals::normal_pair;
use keiretsu_maths::stream::{DrawPurpose, Stream};
use keiretsu_maths::student::Student;
use serde_json::Value;

fn check(found: f64, expected: f64, relative: f64) {
    assert!((found - expected).abs() <= relative * expected.abs(), "{found:e} is not {expected:e}");
}

/// The reference values.
fn reference() -> Value {
    serde_json::from_str(&crate::cases::read("exposure_risk.json")).expect("the cases are JSON")
}

fn number(row: &Value, key: &str) -> f64 {
    row[key].as_f64().expect("a number")
}

#[test]
fn normal_distribution_is_computed_by_mpmath() {
    // (x, chance below), 40 digits.
    let rows = [
        (-37.0, 5.725571222524577e-300),
        (-20.0, 2.7536241186062337e-89),
        (-10.0, 7.619853024160525e-24),
        (-5.7, 5.9903714010635345e-09),
        (-5.6, 1.0717590258310907e-08),
        (-3.0, 0.0013498980316300946),
        (-1.0, 0.15865525393145705),
        (-0.67, 0.25142889509531013),
        (-0.66, 0.25462691467133614),
        (-0.1, 0.460172162722971),
        (0.0, 0.5),
        (0.5, 0.6914624612740131),
        (2.0, 0.9772498680518208),
        (8.0, 0.9999999999999993),
    ];
    for (x, expected) in rows {
        check(normal_cdf(x), expected, 4e-15);
    }
}

#[test]
fn normal_inverse_is_computed_by_mpmath() {
    let rows = [
        (1e-300, -37.0470962993612),
        (1e-15, -7.941345326170997),
        (1e-12, -7.034483825301132),
        (1e-9, -5.9978070150076865),
        (1e-4, -3.7190164854556804),
        (0.01, -2.326347874040841),
        (0.07, -1.4757910281791706),
        (0.08, -1.4050715603096327),
        (0.3, -0.5244005127080408),
        (0.6, 0.2533471031357997),
        (0.93, 1.475791028179171),
        (0.99, 2.3263478740408408),
    ];
    for (p, expected) in rows {
        check(normal_inverse(p), expected, 1e-15);
    }
    // The digits of the design notes.
    for (p, printed) in
        [(1e-15, -7.941345326171), (1e-12, -7.034483825301), (1e-9, -5.997807015008), (1e-4, -3.719016485456)]
    {
        assert!((normal_inverse(p) - printed).abs() < 5.1e-13, "{p}");
    }
}

#[test]
fn gamma_is_computed_by_mpmath() {
    let rows = [
        (1e-3, 6.907178885383853),
        (0.3, 1.0957979948180756),
        (0.5, 0.5723649429247001),
        (1.5, -0.12078223763524522),
        (2.0, 0.0),
        (7.25, 7.0521854507385395),
        (50.0, 144.5657439463449),
        (12345.6, 103959.18506616846),
    ];
    for (x, expected) in rows {
        let close = (ln_gamma(x) - expected).abs() <= 4e-15 * expected.abs().max(1.0);
        assert!(close, "{x}: {} {expected}", ln_gamma(x));
    }
    // (degrees, p, chi-square).
    let rows = [
        (0.5, 1e-10, 1.3499395786223462e-40),
        (0.5, 0.01, 1.3499395859116937e-08),
        (0.5, 0.4, 0.0350447747791542),
        (0.5, 0.95, 2.420232274889524),
        (0.5, 0.999999, 21.37563515282196),
        (1.0, 1e-10, 1.5707963267948968e-20),
        (1.0, 0.01, 0.00015708785790970197),
        (1.0, 0.4, 0.27499589772845606),
        (1.0, 0.95, 3.8414588206941245),
        (1.0, 0.999999, 23.92812697687947),
        (3.0, 1e-10, 5.20939762143448e-07),
        (3.0, 0.01, 0.11483180189911704),
        (3.0, 0.4, 1.8691684033887157),
        (3.0, 0.95, 7.814727903251178),
        (3.0, 0.999999, 30.664849706154268),
        (4.0, 1e-10, 2.8284404581659484e-05),
        (4.0, 0.01, 0.2971094805065319),
        (4.0, 0.4, 2.7528426841257736),
        (4.0, 0.95, 9.487729036781154),
        (4.0, 0.999999, 33.37684158165888),
        (10.0, 1e-10, 0.05233106563190541),
        (10.0, 0.01, 2.558212160187206),
        (10.0, 0.4, 8.295471760941085),
        (10.0, 0.95, 18.307038053275143),
        (10.0, 0.999999, 46.86304684671568),
        (30.5, 1e-10, 3.174560746831386),
        (30.5, 0.01, 15.303847094929354),
        (30.5, 0.4, 27.925082551687044),
        (30.5, 0.95, 44.379600192729505),
        (30.5, 0.999999, 82.84452473119943),
        (400.0, 1e-10, 245.48221940379085),
        (400.0, 0.01, 337.15531340106617),
        (400.0, 0.4, 392.21748189022594),
        (400.0, 0.95, 447.6324678308084),
        (400.0, 0.999999, 549.1152380047677),
    ];
    for (degrees, p, expected) in rows {
        check(chi_square_inverse(degrees, p), expected, 5e-13);
    }
}

#[test]
fn student_distribution_is_computed_by_mpmath() {
    // (degrees, t, chance below).
    let rows = [
        (0.7, -50.0, 0.0201009110261488),
        (0.7, -8.0, 0.07232968243036779),
        (0.7, -2.5, 0.1598521813406369),
        (0.7, -0.9, 0.289773053940839),
        (0.7, -0.001, 0.4997053638242668),
        (0.7, 1.2, 0.7499623130776073),
        (1.0, -50.0, 0.006365349100972796),
        (1.0, -8.0, 0.03958342416056554),
        (1.0, -2.5, 0.1211189415908434),
        (1.0, -0.9, 0.2667377083565741),
        (1.0, -0.001, 0.4996816902199194),
        (1.0, 1.2, 0.7788579383763045),
        (2.0, -50.0, 0.00019988007994404028),
        (2.0, -8.0, 0.007634036082669069),
        (2.0, -2.5, 0.0648058601107554),
        (2.0, -0.9, 0.2315525061776479),
        (2.0, -0.001, 0.49964644669779507),
        (2.0, 1.2, 0.8234983196103153),
        (4.0, -50.0, 4.78722682848485e-07),
        (4.0, -8.0, 0.0006619484546085839),
        (4.0, -2.5, 0.03338327240599407),
        (4.0, -0.9, 0.20950275960404224),
        (4.0, -0.001, 0.499625000078125),
        (4.0, 1.2, 0.8518243033438233),
        (11.0, -50.0, 1.2579580853788194e-14),
        (11.0, -8.0, 3.2661085776923533e-06),
        (11.0, -2.5, 0.014753187043682094),
        (11.0, -0.9, 0.1936995118501491),
        (11.0, -0.001, 0.49961001031385055),
        (11.0, 1.2, 0.8723268587217827),
        (100.0, -50.0, 7.236081839880695e-73),
        (100.0, -8.0, 1.1364324038640403e-12),
        (100.0, -2.5, 0.007022894562038588),
        (100.0, -0.9, 0.18514124442164026),
        (100.0, -0.001, 0.4996020538800517),
        (100.0, 1.2, 0.8835127163908791),
        (1000.0, -50.0, 1.3793362061625824e-274),
        (1000.0, -8.0, 1.7133307411957373e-15),
        (1000.0, -2.5, 0.006289283900545398),
        (1000.0, -0.9, 0.18416846349210128),
        (1000.0, -0.001, 0.49960115750922635),
        (1000.0, 1.2, 0.8847882238377665),
    ];
    for (degrees, t, expected) in rows {
        check(Student::new(degrees).cdf(t), expected, 1e-12);
        // Undone by the normal distribution.
        check(normal_cdf(Student::new(degrees).normal(t)), expected, 1e-12);
    }
    check(Student::new(1e9).cdf(-2.0), normal_cdf(-2.0), 1e-15);
    check(Student::new(9.9e7).cdf(-6.0), normal_cdf(-6.0), 4e-6);
    assert!(Student::new(5.0).normal(0.0).abs() <= 0.0, "the middle is the middle");
}

#[test]
fn normal_inverse_undoes_the_distribution() {
    for i in -370..=80 {
        let x = f64::from(i) / 10.0;
        if x < 5.0 {
            let relative = if x < 0.0 { 4e-15 } else { 1e-9 };
            assert!((normal_inverse(normal_cdf(x)) - x).abs() <= relative * x.abs().max(1.0), "{x}");
        }
    }
    assert_eq!(normal_inverse(0.5).to_bits(), 0.0_f64.to_bits());
    assert_eq!((normal_inverse(0.0), normal_inverse(1.0)), (f64::NEG_INFINITY, f64::INFINITY));
    assert!(
        normal_inverse(-0.1).is_nan() && normal_inverse(1.1).is_nan() && normal_inverse(f64::NAN).is_nan()
    );
    assert_eq!((normal_cdf(f64::NEG_INFINITY), normal_cdf(f64::INFINITY)), (0.0, 1.0));
    assert!(normal_cdf(f64::NAN).is_nan());
}

#[test]
fn gamma_inverse_undoes_the_distribution() {
    for shape in [0.05, 0.5, 1.0, 1.5, 2.0, 5.0, 15.0, 100.0, 5000.0] {
        for p in [1e-12, 1e-6, 0.01, 0.3, 0.5, 0.9, 0.999] {
            let x = gamma_inverse(shape, p);
            check(gamma_p(shape, x), p, 4e-13 * (1.0 + shape / 50.0));
        }
    }
}

#[test]
fn tail_dependence_is_that_of_the_t_copula() {
    let cases = reference();
    for row in cases["t_copula_tail"]["rows"].as_array().expect("rows") {
        let (nu, rho) = (number(row, "nu"), number(row, "rho"));
        let t = -((nu + 1.0) * (1.0 - rho) / (1.0 + rho)).sqrt();
        check(2.0 * Student::new(nu + 1.0).cdf(t), number(row, "lam"), 1e-13);
    }
}

#[test]
fn value_at_risk_rows_come_out() {
    let cases = reference();
    let risk = &cases["var_es"];
    let deviation = number(risk, "V") * number(risk, "annual_vol") / number(risk, "days").sqrt();
    for row in risk["rows"].as_array().expect("rows") {
        let alpha = number(row, "alpha");
        check(deviation * normal_inverse(alpha), number(row, "VaR_normal"), 1e-14);
        // A t variable with 4 degrees of freedom has variance 2.
        let t = -number(row, "VaR_t4") / (deviation / 2.0_f64.sqrt());
        check(Student::new(4.0).cdf(t), 1.0 - alpha, 1e-13);
    }
}

/// Degrees of freedom, and the chance that both of a pair with correlation 0.5 fall below their 1% points
/// (scipy: quadrature of the conditional t distribution).
const JOINT: [(f64, f64); 2] = [(2.0, 0.003951648201942584), (4.0, 0.0028767843485153787)];

/// Draws pairs through the copula and counts how often both fall below their 1% points.
#[test]
fn simulated_extremes_come_together() {
    const PATHS: u64 = 400_000;
    let rho = 0.5_f64;
    for (degrees, expected) in JOINT {
        let student = Student::new(degrees);
        let factors = Stream { seed: 3, purpose: DrawPurpose::Factor, month: 0, pair: 0 };
        let mixing = Stream { purpose: DrawPurpose::Mixing, ..factors };
        let (mut both, mut one, mut sum, mut squares) = (0, 0, 0.0, 0.0);
        for path in 0..PATHS {
            let (z0, z1) = normal_pair(factors.words(path, 0));
            let stretch = student.stretch(mixing.uniforms(path, 0)[0]);
            let first = student.normal(z0 * stretch);
            let second = student.normal((rho * z0 + (1.0 - rho * rho).sqrt() * z1) * stretch);
            let low = normal_inverse(0.01);
            one += u32::from(first < low);
            both += u32::from(first < low && second < low);
            sum += first;
            squares += first * first;
        }
        let n = PATHS as f64;
        let within = |found: f64, expected: f64, variance: f64| {
            assert!((found - expected).abs() < 4.0 * (variance / n).sqrt(), "{found} is not {expected}");
        };
        within(f64::from(one) / n, 0.01, 0.01);
        within(f64::from(both) / n, expected, expected);
        within(sum / n, 0.0, 1.0);
        within(squares / n, 1.0, 2.0);
    }
}
