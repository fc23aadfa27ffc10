//! Memory that is given back.

use std::{env, os::unix::process::CommandExt as _, process::Command};

/// How long the allocator keeps what was freed, ms. It reads this before `main` begins.
const SETTING: &str = "MIMALLOC_PURGE_DELAY";

/// Begins this program anew in the same process, with an allocator that returns freed memory at once:
/// after the demo was loaded that is a third of all memory, and no request is slower for it. Goes on as
/// it is when somebody chose a delay, or when beginning anew fails.
pub fn return_what_is_freed() {
    let Ok(program) = env::current_exe() else { return };
    if env::var_os(SETTING).is_none() {
        let failure = Command::new(program).args(env::args_os().skip(1)).env(SETTING, "0").exec();
        eprintln!("freed memory is kept for a while: {failure}");
    }
}
