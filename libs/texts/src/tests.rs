use crate::{Arg, Argument as _, Catalogue, Language, Text};
use money::Fen;

static GOOD: Catalogue = Catalogue::new(
    "wait = 请在 { $seconds } 秒后重试\npaid = 已收 { $amount }：{ $why }\n",
    "wait = { $seconds ->\n    [one] wait one second\n   *[other] wait { $seconds } seconds\n}\npaid = { $amount } is paid: { $why }\n",
);
const DECLARED: &[(&str, &[&str])] = &[("wait", &["seconds"]), ("paid", &["amount", "why"])];

fn wait(seconds: u64) -> Text {
    Text::new(&GOOD, "wait", vec![("seconds", seconds.into_arg())])
}

#[test]
fn a_sentence_is_said_in_the_language_that_is_asked_for() {
    assert_eq!(wait(1).say(Language::En), "wait one second");
    assert_eq!(wait(10_000).say(Language::En), "wait 10000 seconds");
    assert_eq!(wait(10_000).say(Language::Zh), "请在 10000 秒后重试");
    assert_eq!(wait(2).to_string(), "wait 2 seconds");
    assert_eq!(wait(2).bilingual(), "请在 2 秒后重试 / wait 2 seconds");
}

#[test]
fn a_sentence_inside_another_speaks_the_same_language() {
    let args = vec![("amount", Fen(27_862).into_arg()), ("why", wait(5).into_arg())];
    let text = Text::new(&GOOD, "paid", args);
    assert_eq!(text.say(Language::Zh), "已收 278.62：请在 5 秒后重试");
    assert_eq!(text.say(Language::En), "278.62 is paid: wait 5 seconds");
}

#[test]
fn equal_is_what_says_the_same() {
    assert_eq!(wait(1), wait(1));
    assert_ne!(wait(1), wait(2));
    assert_ne!(wait(1), Text::new(&GOOD, "paid", vec![("seconds", Arg::Number(1))]));
}

#[test]
fn files_that_differ_from_what_is_declared_are_complained_about() {
    assert_eq!(GOOD.complaints(DECLARED), Vec::<String>::new());
    let complaints = |zh, en| Catalogue::new(zh, en).complaints(&[("a", &["x"])]).len();
    assert_eq!(complaints("a = { $x }", "a = { $x }"), 0);
    assert_eq!(complaints("a = { $x }", ""), 1);
    assert_eq!(complaints("a = { $y }", "a = { $x }"), 1);
    assert_eq!(complaints("a = { $x }\nb = more", "a = { $x }"), 1);
    assert_eq!(complaints("a = { $x }", "a = { $x }\na = { $x }"), 1);
    assert_ne!(complaints("a = { $x", "a = { $x }"), 0);
}

#[test]
fn the_caller_chooses_by_weight_and_hears_chinese_otherwise() {
    let said = |header| Language::accepted(Some(header));
    assert_eq!(Language::accepted(None), Language::Zh);
    assert_eq!(said("en-GB"), Language::En);
    assert_eq!(said("fr, en;q=0.3"), Language::En);
    assert_eq!(said("zh-CN,zh;q=0.9,en;q=0.8"), Language::Zh);
    assert_eq!(said("zh;q=0.2, EN;q=0.25"), Language::En);
    assert_eq!(said("en;q=0, *"), Language::Zh);
    for odd in ["", "fr", "en;q=2", "en;q=0.0001", "en;x", ",;=", "en;q=0.5.5"] {
        assert_eq!(said(odd), Language::Zh, "{odd}");
    }
}
