//! Everything this process logs, so that a test can look for what must not stand there.

use std::{
    io,
    sync::{Mutex, OnceLock},
};
use telemetry::TelemetryConfig;

static LINES: Mutex<Vec<u8>> = Mutex::new(Vec::new());

struct Keep;

impl io::Write for Keep {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LINES.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Keeps what is logged from now on, down to the level that an operator turns on to look closer.
pub fn capture() {
    static STARTED: OnceLock<()> = OnceLock::new();
    STARTED.get_or_init(|| {
        let config = TelemetryConfig {
            service: "suite".to_owned(),
            otlp_endpoint: None,
            log: "debug".to_owned(),
            json: true,
        };
        drop(telemetry::start_with(&config, None, || Keep).expect("a log"));
    });
}

/// The lines with one of these strings in them; a few are enough.
pub fn lines_with(canaries: &[String]) -> Vec<String> {
    let all = LINES.lock().unwrap();
    let text = String::from_utf8_lossy(&all);
    let seen = |line: &&str| canaries.iter().any(|canary| line.contains(canary.as_str()));
    text.lines().filter(seen).take(5).map(|line| format!("log: {line}")).collect()
}

/// How much was logged, to know that something was.
pub fn size() -> usize {
    LINES.lock().unwrap().len()
}
