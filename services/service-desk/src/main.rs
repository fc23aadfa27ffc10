//! The service desk as a process of its own.

fn main() -> std::process::ExitCode {
    runtime::run_one(service_desk::service())
}
