//! What is asked of PostgreSQL itself: queries as its owner, the statements that it is sent, and
//! pgbench.

use anyhow::{Context as _, Result, bail};
use servers::Postgres;
use std::{
    collections::BTreeMap,
    fs,
    io::{Read as _, Seek as _, SeekFrom},
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

/// The rows of a query as text, a line each, columns between `|`.
pub fn query(server: &Postgres, role: &str, database: &str, sql: &str) -> Result<String> {
    let mut psql = Command::new(server.programs().join("psql"));
    let url = server.url.replace("postgres@", &format!("{role}@"));
    psql.args(["-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d"]).arg(format!("{url}/{database}"));
    let mut child = psql.arg("-f").arg("-").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    std::io::Write::write_all(&mut child.stdin.take().context("psql listens")?, sql.as_bytes())?;
    let done = child.wait_with_output()?;
    if !done.status.success() {
        bail!("psql failed: {}", sql.chars().take(300).collect::<String>());
    }
    Ok(String::from_utf8(done.stdout)?.trim().to_owned())
}

/// Copies the rows of a query into a table of another database.
pub fn copy(server: &Postgres, from: (&str, &str), to: (&str, &str)) -> Result<()> {
    let psql = |database: &str, sql: String| {
        let mut psql = Command::new(server.programs().join("psql"));
        psql.args(["-q", "-v", "ON_ERROR_STOP=1", "-d"]).arg(format!("{}/{database}", server.url));
        psql.arg("-c").arg(sql);
        psql
    };
    let mut out = psql(from.0, format!("COPY ({}) TO STDOUT (FORMAT binary)", from.1));
    let mut out = out.stdout(Stdio::piped()).spawn()?;
    let rows = out.stdout.take().context("the rows")?;
    let into =
        psql(to.0, format!("COPY {} FROM STDIN (FORMAT binary)", to.1)).stdin(rows).status()?;
    if !out.wait()?.success() || !into.success() {
        bail!("copying into {} failed", to.1);
    }
    Ok(())
}

/// One transaction as a service sent it: its statements, every value in its place.
pub type Transaction = Vec<String>;

/// Writes down every statement that the server is sent, as long as this value is there.
pub struct Listening<'s> {
    server: &'s Postgres,
    log: fs::File,
}

impl<'s> Listening<'s> {
    /// Begins.
    pub fn begin(server: &'s Postgres) -> Result<Self> {
        set(server, "log_line_prefix = '%p;%u;'")?;
        set(server, "log_statement = 'all'")?;
        wait_for(server, "log_statement", "all")?;
        let mut log = fs::File::open(server.log())?;
        log.seek(SeekFrom::End(0))?;
        Ok(Self { server, log })
    }

    /// Every transaction of a role since the beginning that has ended.
    pub fn end(mut self, role: &str) -> Result<Vec<Transaction>> {
        // A transaction that only read is rolled back when its connection is back in the pool.
        wait_until_idle(self.server)?;
        let mut text = String::new();
        self.log.read_to_string(&mut text)?;
        Ok(transactions(&text, role))
    }
}

impl Drop for Listening<'_> {
    fn drop(&mut self) {
        let ended = set(self.server, "log_statement = 'none'")
            .and_then(|()| wait_for(self.server, "log_statement", "none"));
        if let Err(error) = ended {
            eprintln!("PostgreSQL goes on writing down statements: {error:#}");
        }
    }
}

fn set(server: &Postgres, setting: &str) -> Result<()> {
    server.sql("postgres", &format!("ALTER SYSTEM SET {setting}"))?;
    server.sql("postgres", "SELECT pg_reload_conf()")
}

/// Until no other session of the server is in a transaction.
fn wait_until_idle(server: &Postgres) -> Result<()> {
    let busy = "SELECT count(*) FROM pg_stat_activity WHERE xact_start IS NOT NULL \
                AND backend_type = 'client backend' AND pid <> pg_backend_pid()";
    wait_until(server, busy, "0", "does not come to rest")
}

fn wait_for(server: &Postgres, name: &str, value: &str) -> Result<()> {
    wait_until(server, &format!("SHOW {name}"), value, &format!("does not take {name} = {value}"))
}

/// Asks until the answer is the one waited for, at most ten seconds.
fn wait_until(server: &Postgres, question: &str, answer: &str, failure: &str) -> Result<()> {
    let begun = Instant::now();
    while query(server, "postgres", "postgres", question)? != answer {
        if begun.elapsed() > Duration::from_secs(10) {
            bail!("PostgreSQL {failure}");
        }
    }
    Ok(())
}

/// Reads the log. A line that begins with a tab belongs to the statement before it; the values
/// of a statement follow in a line of their own.
fn transactions(log: &str, role: &str) -> Vec<Transaction> {
    let mut lines: Vec<String> = Vec::new();
    for line in log.lines() {
        match (line.strip_prefix('\t'), lines.last_mut()) {
            (Some(rest), Some(last)) => {
                last.push(' ');
                last.push_str(rest);
            }
            _ => lines.push(line.to_owned()),
        }
    }
    let mut open: BTreeMap<String, Transaction> = BTreeMap::new();
    let mut ended = Vec::new();
    for line in &lines {
        let mut parts = line.splitn(3, ';');
        let (Some(process), Some(user), Some(said)) = (parts.next(), parts.next(), parts.next())
        else {
            continue;
        };
        if user != role {
            continue;
        }
        let all = open.entry(process.to_owned()).or_default();
        if let Some(values) = said.strip_prefix("DETAIL:  parameters: ") {
            if let Some(statement) = all.last_mut() {
                *statement = with_values(statement, values);
            }
            continue;
        }
        let Some((_, statement)) =
            said.strip_prefix("LOG:  ").and_then(|said| said.split_once(": "))
        else {
            continue;
        };
        let first = statement.split_whitespace().next().unwrap_or_default().to_uppercase();
        match first.as_str() {
            "BEGIN" => *all = vec![statement.to_owned()],
            "COMMIT" | "ROLLBACK" => {
                all.push(statement.to_owned());
                ended.extend(open.remove(process));
            }
            _ if !all.is_empty() => all.push(statement.to_owned()),
            _ => {}
        }
    }
    ended
}

/// Puts the values, as the log writes them (`$1 = 'a', $2 = NULL`), in the places of the
/// parameters.
fn with_values(statement: &str, values: &str) -> String {
    let mut list: Vec<String> = Vec::new();
    let mut rest = values;
    while let Some((_, value)) = rest.split_once(" = ") {
        let end = if value.starts_with('\'') {
            quoted(value)
        } else {
            value.find(", ").unwrap_or(value.len())
        };
        list.push(value[..end].to_owned());
        rest = &value[end..];
    }
    let mut out = String::with_capacity(statement.len() + values.len());
    let mut parts = statement.split('$');
    out.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let digits = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
        let value = part[..digits].parse::<usize>().ok().and_then(|n| list.get(n.wrapping_sub(1)));
        if let Some(value) = value {
            out.push_str(value);
        } else {
            out.push('$');
            out.push_str(&part[..digits]);
        }
        out.push_str(&part[digits..]);
    }
    out
}

/// Where a quoted text ends; a quote inside it is doubled.
fn quoted(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 1;
    while at < bytes.len() {
        match (bytes[at], bytes.get(at + 1)) {
            (b'\'', Some(b'\'')) => at += 2,
            (b'\'', _) => return at + 1,
            _ => at += 1,
        }
    }
    text.len()
}

/// Transactions a second that pgbench reaches with these, each as often as the others, on
/// prepared statements and so many connections.
pub fn pgbench(
    server: &Postgres,
    (role, database): (&str, &str),
    transactions: &[Transaction],
    (connections, lasts): (usize, Duration),
) -> Result<f64> {
    let folder = std::env::temp_dir().join(format!("commonhold-pgbench-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let files = transactions.iter().take(MOST).enumerate().map(|(number, transaction)| {
        let file = folder.join(format!("{number}.sql"));
        fs::write(&file, script(transaction)).map(|()| file)
    });
    let files = files.collect::<std::io::Result<Vec<_>>>()?;
    let done = run(server, (role, database), &files, (connections, lasts));
    fs::remove_dir_all(&folder).ok();
    done
}

/// As many scripts as pgbench takes.
const MOST: usize = 128;

fn run(
    server: &Postgres,
    (role, database): (&str, &str),
    files: &[impl AsRef<Path>],
    (connections, lasts): (usize, Duration),
) -> Result<f64> {
    let (address, port) =
        server.url.rsplit_once('@').context("an address")?.1.split_once(':').context("a port")?;
    let mut pgbench = Command::new(server.programs().join("pgbench"));
    pgbench.args(["-n", "-M", "prepared", "-j", "2", "-h", address, "-p", port, "-U", role]);
    pgbench.args(["-c", &connections.to_string(), "-T", &lasts.as_secs().max(1).to_string()]);
    for file in files {
        pgbench.arg("-f").arg(file.as_ref());
    }
    let done = pgbench.arg(database).stderr(Stdio::piped()).output()?;
    let text = String::from_utf8_lossy(&done.stdout);
    let failed = text.lines().find_map(|line| line.strip_prefix("number of failed transactions: "));
    if !done.status.success() || failed.is_some_and(|failed| !failed.starts_with("0 ")) {
        bail!("pgbench failed: {}", String::from_utf8_lossy(&done.stderr));
    }
    let tps =
        text.lines().find_map(|line| line.strip_prefix("tps = ")).context("pgbench says no tps")?;
    Ok(tps.split(' ').next().unwrap_or_default().parse()?)
}

fn script(transaction: &[String]) -> String {
    let mut text = String::new();
    for statement in transaction {
        // pgbench takes a colon for a variable, also inside a text.
        text.push_str(&without_colons(statement));
        text.push_str(";\n");
    }
    text
}

fn without_colons(statement: &str) -> String {
    let mut out = String::new();
    let mut rest = statement;
    while let Some(start) = rest.find('\'') {
        out.push_str(&rest[..start]);
        let literal = &rest[start..];
        let end = quoted(literal);
        if literal[..end].contains(':') {
            out.push_str(" U&");
            out.push_str(&literal[..end].replace('\\', "\\\\").replace(':', "\\003A"));
        } else {
            out.push_str(&literal[..end]);
        }
        rest = &literal[end..];
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::{transactions, without_colons};

    #[test]
    fn a_log_becomes_transactions_with_their_values() {
        let log = "\
7;app;LOG:  statement: BEGIN
8;worker;LOG:  statement: BEGIN
7;app;LOG:  execute sqlx_s_1: SELECT set_config('app.tenant_id', $1, true)
7;app;DETAIL:  parameters: $1 = 'it''s, $2 = x'
7;app;LOG:  execute sqlx_s_2: SELECT a
\tFROM b WHERE c = $1 AND d IS NOT DISTINCT FROM $2 AND e = $10
7;app;DETAIL:  parameters: $1 = '5', $2 = NULL
7;app;LOG:  statement: ROLLBACK
7;app;LOG:  statement: BEGIN
";
        let found = transactions(log, "app");
        assert_eq!(found.len(), 1);
        assert_eq!(found[0][1], "SELECT set_config('app.tenant_id', 'it''s, $2 = x', true)");
        let second = "SELECT a FROM b WHERE c = '5' AND d IS NOT DISTINCT FROM NULL AND e = $10";
        assert_eq!(found[0][2], second);
        assert_eq!(found[0].last().unwrap(), "ROLLBACK");
    }

    #[test]
    fn pgbench_finds_no_variable_inside_a_text() {
        let plain = "SELECT 'a'::text";
        assert_eq!(without_colons(plain), plain);
        assert_eq!(without_colons("SELECT '1:2', 'b'"), "SELECT  U&'1\\003A2', 'b'");
    }
}
