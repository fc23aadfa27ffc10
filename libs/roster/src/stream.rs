//! A file read in a thread of its own, a chunk ahead of whoever stores it.

use sheets::SheetError;
use tokio::sync::mpsc::{self, Receiver, Sender};

/// How many chunks are read ahead.
const AHEAD: usize = 2;

/// Takes single records and hands them on in chunks.
#[derive(Debug)]
pub struct Chunks<T> {
    open: Vec<T>,
    size: usize,
    wanted: bool,
    to: Sender<Result<Vec<T>, SheetError>>,
}

impl<T> Chunks<T> {
    /// Takes one record; waits while enough chunks are ahead. When nobody wants more, what is
    /// taken is dropped.
    pub fn push(&mut self, record: T) {
        if !self.wanted {
            return;
        }
        self.open.push(record);
        if self.open.len() == self.size {
            self.end_chunk();
        }
    }

    /// Ends the chunk here, e.g. between kinds of records.
    pub fn end_chunk(&mut self) {
        let chunk = std::mem::replace(&mut self.open, Vec::with_capacity(self.size));
        if !chunk.is_empty() {
            self.wanted &= self.to.blocking_send(Ok(chunk)).is_ok();
        }
    }
}

/// Runs `read` in a thread for blocking work and yields what it pushes in chunks of `size`. The
/// same file gives the same chunks, so that whoever was interrupted can skip those it has.
pub fn chunks<T: Send + 'static>(
    size: usize,
    read: impl FnOnce(&mut Chunks<T>) -> Result<(), SheetError> + Send + 'static,
) -> Receiver<Result<Vec<T>, SheetError>> {
    let (to, from) = mpsc::channel(AHEAD);
    tokio::task::spawn_blocking(move || {
        let mut chunks = Chunks { open: Vec::with_capacity(size), size, wanted: true, to };
        let done = read(&mut chunks);
        chunks.end_chunk();
        if let Err(error) = done {
            // Whoever stopped reading does not want to know either.
            drop(chunks.to.blocking_send(Err(error)));
        }
    });
    from
}
