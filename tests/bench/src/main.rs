//! `make bench`: prints a table; kept in docs/benchmarks.md.

mod permission;

fn main() {
    println!("| what | figure |\n|---|---|");
    for (what, figure) in permission::measure() {
        println!("| {what} | {figure} |");
    }
}
