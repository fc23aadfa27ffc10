//! The commands of the README, as somebody pastes them.

use crate::installation::Place;
use anyhow::{Context as _, Result, ensure};
use demo::{Door, acts::take_online_payments};
use std::{
    fs,
    path::{Path, PathBuf},
};
use tokio::process::Command;

/// Nobody waits longer for the whole tour, seconds.
const PATIENCE: &str = "180";

pub async fn the_commands_of_the_readme_do_what_it_says(place: &Place) -> Result<()> {
    let (english, chinese) = (commands("README.md")?, commands("README.zh-CN.md")?);
    ensure!(english == chinese, "the two READMEs differ in their commands");
    take_online_payments(&place.demo_companies().await?).await?;
    let mut bash = Command::new("timeout");
    bash.args([PATIENCE, "bash", "-c", &english]).current_dir(repository());
    let ended = bash.env("URL", place.door.base()).output().await.context("bash and curl")?;
    let (said, shown) =
        (String::from_utf8_lossy(&ended.stdout), String::from_utf8_lossy(&ended.stderr));
    let all = format!("{said}\n{shown}");
    ensure!(ended.status.success(), "{}: {all}", ended.status);
    let expected = [
        // import: who is nowhere in the file is named; preview: the arithmetic; run
        r#""errors":0,"undecided":8"#,
        r#""bills":5,"lines":7,"total":{"amount":"887.03"}"#,
        "94.56 m² × 1.30 + 20.00 = 142.928 → 142.93",
        r#""state":"DONE","done":8,"total":8,"amount":{"amount":"887.03"}"#,
        // pay, verify: 887.03 billed and 20.00 in the till; another company
        r#""amountInWords":"人民币贰拾元整""#,
        r#""verifyLedger":{"agrees":true,"differences":[]}"#,
        r#""debit":{"amount":"887.03"},"credit":{"amount":"887.03"}"#,
        r#""code":"NOT_FOUND","service":"identity""#,
    ];
    for text in expected {
        ensure!(all.contains(text), "{text} is nowhere in {all}");
    }
    let page = said.split(r#""checkoutUrl":""#).nth(1).and_then(|rest| rest.split('"').next());
    let page = page.with_context(|| format!("a payment page: {all}"))?;
    ensure!(Door::press(page, "card").await?, "{page} takes the money");
    Ok(())
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Everything between ```` ```bash ```` and ```` ``` ````.
fn commands(file: &str) -> Result<String> {
    let text = fs::read_to_string(repository().join(file))?;
    let blocks = text.split("```bash\n").skip(1).filter_map(|rest| rest.split("\n```").next());
    let all: Vec<&str> = blocks.collect();
    ensure!(all.len() > 5, "{file} has a tour");
    Ok(all.join("\n"))
}
