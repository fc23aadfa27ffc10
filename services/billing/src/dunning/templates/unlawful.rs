//! Finding steps that no law allows in texts of either language: cutting utilities, barring the way
//! home, public lists, fines, telling third parties (handbook 0.4 and chapter 27).

use crate::say;
use texts::Text;

/// The law that forbids a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Law {
    /// Civil Code 944: no water, power, heat or gas is cut to force payment.
    Supplies,
    /// Civil Code 944 and 287: nobody is kept from their home.
    Home,
    /// Personal Information Protection Law: no public lists.
    PublicLists,
    /// Administrative Penalty Law: a company cannot fine.
    Fines,
    /// Personal Information Protection Law: no third party is told.
    ThirdParties,
}

impl Law {
    /// The law in words.
    pub fn text(self) -> Text {
        match self {
            Self::Supplies => say::law_no_cutting(),
            Self::Home => say::law_no_barring(),
            Self::PublicLists => say::law_no_shaming(),
            Self::Fines => say::law_no_fines(),
            Self::ThirdParties => say::law_no_telling(),
        }
    }
}

/// An unlawful step in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    /// The words.
    pub phrase: String,
    /// What forbids it.
    pub law: Law,
}

/// Chinese: one of the first words directly followed by one of the second.
const CHINESE: [(&[&str], &[&str], Law); 10] = [
    (
        &["停", "断", "切断", "掐断", "停止", "中断", "限", "限制", "停供", "断供", "停掉", "拉"],
        &[
            "水",
            "电",
            "气",
            "暖",
            "热",
            "燃气",
            "煤气",
            "天然气",
            "供水",
            "供电",
            "供气",
            "供暖",
            "供热",
            "水电",
            "闸",
            "水源",
            "电源",
            "水表",
            "电表",
            "其水",
            "其电",
            "业主水",
            "业主电",
            "住户水",
            "住户电",
        ],
        Law::Supplies,
    ),
    (
        &["停", "停用", "禁", "禁用", "冻结", "注销", "关闭", "锁", "取消", "限制", "停掉", "封"],
        &[
            "卡",
            "门禁",
            "门",
            "梯",
            "电梯",
            "门卡",
            "梯控",
            "门禁卡",
            "电梯卡",
            "出入",
            "进出",
            "通行",
            "其门禁",
            "业主门禁",
            "住户门禁",
            "业主卡",
            "道闸",
        ],
        Law::Home,
    ),
    (
        &["禁止", "不许", "不让", "不准"],
        &["进门", "回家", "进入小区", "入内", "业主进入"],
        Law::Home,
    ),
    (
        &["张贴", "公示", "公布", "公开", "曝光", "通报", "张榜", "广播"],
        &["欠费", "欠缴", "拖欠", "老赖", "欠费名单", "其欠费", "业主欠费", "未缴费", "姓名"],
        Law::PublicLists,
    ),
    (
        &["欠费", "欠缴", "欠费户", "欠费业主"],
        &["名单公示", "公示", "上墙", "黑榜", "曝光", "红黑榜"],
        Law::PublicLists,
    ),
    (&["罚", "处以罚", "加罚", "予以罚", "收取罚"], &["款", "金", "钱"], Law::Fines),
    (
        &["告知", "通知", "告诉", "知会", "通报"],
        &[
            "邻居",
            "邻里",
            "其邻居",
            "单位",
            "其单位",
            "工作单位",
            "其工作单位",
            "雇主",
            "其雇主",
            "同事",
            "其同事",
            "公司领导",
            "亲友",
            "其亲友",
        ],
        Law::ThirdParties,
    ),
    (
        &["联系", "致电"],
        &["邻居", "其邻居", "其单位", "工作单位", "其工作单位", "雇主", "其雇主", "同事", "其同事"],
        Law::ThirdParties,
    ),
    (
        &["向", "到"],
        &["邻居通报", "单位通报", "其单位", "邻居说明", "雇主说明", "单位催"],
        Law::ThirdParties,
    ),
    (&["砸", "堵", "封", "贴封"], &["锁眼", "门锁", "条"], Law::Home),
];

/// Words between which a forbidden list may stand, and what may stand between a ban and a step.
const LINKS: [&str; 14] = [
    "、", "和", "或", "及", "以", "对", "业主", "住户", "采取", "用", "擅自", "随意", "方式",
    "任何",
];

/// What turns a step into its ban.
const BANS: [&str; 7] = ["不得", "禁止", "严禁", "不准", "不可", "绝不", "不会"];

/// English: a verb, then within a few words what it is done to.
const ENGLISH: [(&[&str], &[&str], Law); 5] = [
    (
        &[
            "cut",
            "cuts",
            "cutting",
            "shut",
            "shutting",
            "disconnect",
            "disconnecting",
            "disconnected",
            "stop",
            "stopping",
            "suspend",
            "suspending",
            "turn",
            "turning",
            "switch",
            "withhold",
            "interrupt",
        ],
        &["water", "power", "electricity", "heat", "heating", "gas", "utility", "utilities"],
        Law::Supplies,
    ),
    (
        &[
            "disable",
            "disabling",
            "disabled",
            "deactivate",
            "deactivated",
            "block",
            "blocking",
            "blocked",
            "lock",
            "locking",
            "freeze",
            "revoke",
            "cancel",
            "bar",
            "barring",
            "deny",
        ],
        &[
            "card", "cards", "access", "door", "doors", "lift", "elevator", "gate", "entry", "fob",
            "home",
        ],
        Law::Home,
    ),
    (
        &[
            "post",
            "posting",
            "publish",
            "publishing",
            "display",
            "displaying",
            "announce",
            "announcing",
            "expose",
        ],
        &["debtor", "debtors", "list", "lists", "defaulters", "arrears", "names", "debts"],
        Law::PublicLists,
    ),
    (
        &[
            "tell",
            "telling",
            "inform",
            "informing",
            "notify",
            "notifying",
            "call",
            "contact",
            "contacting",
        ],
        &[
            "neighbour",
            "neighbours",
            "neighbor",
            "neighbors",
            "employer",
            "employers",
            "colleagues",
            "workplace",
        ],
        Law::ThirdParties,
    ),
    (&["a", "the", "of", "impose", "pay", "be", "or"], &["fine", "fines", "fined"], Law::Fines),
];

/// How many words may stand between an English verb and its object.
const REACH: usize = 5;

/// Every unlawful step of a text; a sentence that bans the step is none.
pub(crate) fn unlawful(text: &str) -> Vec<Finding> {
    let text = normal(text);
    let mut found = chinese(&text);
    for clause in text.split(['.', ';', '!', '?', '\n', '。', ';']) {
        found.extend(english(clause));
    }
    found.dedup_by(|a, b| {
        a.law == b.law && (a.phrase.contains(&b.phrase) || b.phrase.contains(&a.phrase))
    });
    found
}

/// Lower case, full width as half width, nothing invisible.
fn normal(text: &str) -> String {
    let plain = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        _ => c,
    };
    let hidden = |c: &char| !matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{00ad}');
    text.chars().filter(hidden).map(plain).collect::<String>().to_lowercase()
}

/// Chinese is read without what separates its characters, so that `停 水` is found as well.
fn chinese(text: &str) -> Vec<Finding> {
    let keep = |c: &char| !c.is_whitespace() && !matches!(c, '*' | '-' | '_' | '·' | '.');
    let text: String = text.chars().filter(keep).collect();
    let mut found: Vec<Finding> = Vec::new();
    for (verbs, objects, law) in CHINESE {
        for (verb, object) in verbs.iter().flat_map(|verb| objects.iter().map(move |it| (verb, it)))
        {
            let phrase = format!("{verb}{object}");
            let stands = text.match_indices(&phrase).any(|(at, _)| !is_banned(&text[..at]));
            if stands && !found.iter().any(|it| it.law == law && it.phrase.contains(&phrase)) {
                found.push(Finding { phrase, law });
            }
        }
    }
    found
}

/// Whether what stands before a step says that it must not be done.
fn is_banned(before: &str) -> bool {
    let steps: Vec<String> = CHINESE
        .iter()
        .flat_map(|(verbs, objects, _)| {
            verbs.iter().flat_map(move |verb| objects.iter().map(move |it| format!("{verb}{it}")))
        })
        .collect();
    let mut rest = before;
    loop {
        if BANS.iter().any(|ban| rest.ends_with(ban)) {
            return !rest.ends_with("不得不");
        }
        let links = LINKS.iter().copied().chain(steps.iter().map(String::as_str));
        let Some(shorter) =
            links.filter_map(|link| rest.strip_suffix(link)).min_by_key(|it| it.len())
        else {
            return false;
        };
        rest = shorter;
    }
}

fn english(clause: &str) -> Vec<Finding> {
    let words: Vec<&str> = clause
        .split(|c: char| !c.is_ascii_alphabetic() && c != '\'')
        .filter(|word| !word.is_empty())
        .collect();
    let mut found = Vec::new();
    for (verbs, objects, law) in ENGLISH {
        let reach = if law == Law::Fines { 1 } else { REACH };
        for (at, _) in words.iter().enumerate().filter(|(_, word)| verbs.contains(word)) {
            let until = words.len().min(at + reach + 1);
            let object = (at + 1..until).find(|n| objects.contains(&words[*n]));
            let banned = words[at.saturating_sub(4)..at].iter().any(|word| {
                ["not", "never", "no", "cannot", "don't", "won't", "without"].contains(word)
            });
            if let Some(object) = object.filter(|_| !banned) {
                found.push(Finding { phrase: words[at..=object].join(" "), law });
                break;
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn laws(text: &str) -> Vec<Law> {
        let mut laws: Vec<Law> = unlawful(text).into_iter().map(|it| it.law).collect();
        laws.sort_unstable();
        laws.dedup();
        laws
    }

    #[test]
    fn every_unlawful_step_is_found_in_chinese() {
        for text in [
            "逾期将停水停电",
            "停 水",
            "断电处理",
            "将切断其水源",
            "限电",
            "停暖",
            "断燃气",
            "停止供水",
            "拉闸",
        ] {
            assert!(laws(text).contains(&Law::Supplies), "{text}");
        }
        for text in
            ["停卡", "禁用门禁", "锁门", "停用电梯卡", "注销门卡", "限制出入", "冻结业主门禁"]
        {
            assert!(laws(text).contains(&Law::Home), "{text}");
        }
        for text in ["张贴欠费名单", "公示欠费户", "在楼道公布欠费业主", "欠费名单公示"]
        {
            assert!(laws(text).contains(&Law::PublicLists), "{text}");
        }
        assert_eq!(laws("每日处以罚款50元"), [Law::Fines]);
        for text in ["告知邻居", "通知其工作单位", "联系雇主催收"] {
            assert_eq!(laws(text), [Law::ThirdParties], "{text}");
        }
    }

    #[test]
    fn every_unlawful_step_is_found_in_english() {
        assert_eq!(laws("We will cut off your water."), [Law::Supplies]);
        assert_eq!(laws("Shut the supply of GAS down"), [Law::Supplies]);
        assert_eq!(laws("Disable the access card after 30 days"), [Law::Home]);
        assert_eq!(laws("lock the owner's door"), [Law::Home]);
        assert_eq!(laws("Post a public list of debtors in the lobby"), [Law::PublicLists]);
        assert_eq!(laws("A fine of 50 a day"), [Law::Fines]);
        assert_eq!(laws("Inform the debtor's employer"), [Law::ThirdParties]);
    }

    #[test]
    fn a_ban_is_no_threat() {
        for text in [
            "不得停水停电",
            "严禁停水、断电或停用门禁",
            "禁止张贴欠费名单",
            "We never cut off water or power.",
            "Staff must not disable the access card",
        ] {
            assert_eq!(laws(text), [], "{text}");
        }
        assert_eq!(laws("不得不停水"), [Law::Supplies]);
        assert_eq!(laws("不能按时缴费的,停水"), [Law::Supplies]);
        assert_eq!(laws("严禁拖延。逾期停水"), [Law::Supplies]);
    }

    #[test]
    fn an_ordinary_letter_is_lawful() {
        for text in [
            "请于 8 月 6 日前缴纳水电费及物业费,如有异议请致电客服中心。",
            "电话联系业主,说明账单,听取意见。",
            "Please pay by 6 August. If the water bill is wrong, call the service centre. That is fine.",
        ] {
            assert_eq!(unlawful(text), [], "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_filler_hides_a_threat(before in "[a-z ]{0,20}", gap in "[ \u{200b}*]{0,4}") {
            let text = format!("{before}。将停{gap}水");
            prop_assert!(laws(&text).contains(&Law::Supplies));
        }

        #[test]
        fn any_text_is_read(text in "\\PC*") {
            let _findings = unlawful(&text);
        }
    }
}
