//! The billing service as a process of its own.

use std::process::ExitCode;

fn main() -> ExitCode {
    runtime::run_one(billing::service())
}
