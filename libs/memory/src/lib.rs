//! The one allocator of the programs that we ship, and memory that is given back.

use std::{env, os::unix::process::CommandExt as _, process::Command};

/// The machine's own one keeps what each thread freed for that thread: an import of 50,000 units, read
/// by three threads after another, held twice what it ever used.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How long the allocator keeps what was freed, ms. It reads this before `main` begins.
const SETTING: &str = "MIMALLOC_PURGE_DELAY";

/// Begins this program anew in the same process, with an allocator that returns freed memory at once:
/// at rest nobody would look at a delay again, and no request is slower without one. Goes on as it is
/// when somebody chose a delay, or when beginning anew fails. The first thing a `main` does.
pub fn return_what_is_freed() {
    let Ok(program) = env::current_exe() else { return };
    if env::var_os(SETTING).is_none() {
        let failure = Command::new(program).args(env::args_os().skip(1)).env(SETTING, "0").exec();
        eprintln!("freed memory is kept for a while: {failure}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[ignore = "the program of the test below, not a test"]
    fn program() {
        return_what_is_freed();
        println!("the delay is {:?}", env::var(SETTING).as_deref());
    }

    #[test]
    fn a_program_begins_anew_once_and_keeps_what_somebody_chose() {
        let run = |chosen: Option<&str>| {
            let mut program = Command::new(env::current_exe().expect("this program"));
            program.args(["--exact", "tests::program", "--ignored", "--nocapture"]);
            program.env_remove(SETTING).envs(chosen.map(|delay| (SETTING, delay)));
            String::from_utf8(program.output().expect("it runs").stdout).expect("text")
        };
        assert!(run(None).contains("the delay is Ok(\"0\")"));
        assert!(run(Some("20")).contains("the delay is Ok(\"20\")"));
    }
}
