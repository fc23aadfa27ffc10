//! Answers that go on, for as long as whoever listens may hear them.

use async_graphql::Response;
use futures::{
    StreamExt as _,
    stream::{BoxStream, Stream},
};
use std::time::Duration;
use tokio::time::{Interval, MissedTickBehavior, interval};

/// How long a right that was taken away may still be used by who listens (docs/architecture.md,
/// section 5: a removed right is refused within 1 s).
const LOOK: Duration = Duration::from_millis(500);

/// The answers while `holds`; nothing is told after it does not, however long nothing happens
/// before. Whoever listened asks anew, and is then refused or told what they may know now.
pub(crate) fn while_it_holds(
    answers: impl Stream<Item = Response> + Send + 'static,
    holds: impl Fn() -> bool + Send + Sync + 'static,
) -> BoxStream<'static, Response> {
    let mut look = interval(LOOK);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let listening = (answers.boxed(), look, holds);
    futures::stream::unfold(listening, |(mut answers, mut look, holds)| async move {
        let answer = next(&mut answers, &mut look, &holds).await?;
        Some((answer, (answers, look, holds)))
    })
    .boxed()
}

async fn next(
    answers: &mut BoxStream<'static, Response>,
    look: &mut Interval,
    holds: &(impl Fn() -> bool + Send + Sync),
) -> Option<Response> {
    loop {
        let heard = tokio::select! {
            answer = answers.next() => Some(answer?),
            _ = look.tick() => None,
        };
        if !holds() {
            return None;
        }
        if heard.is_some() {
            return heard;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    };

    #[tokio::test]
    async fn nothing_is_told_once_the_right_is_gone() {
        let good = Arc::new(AtomicBool::new(true));
        let (tell, told) = futures::channel::mpsc::unbounded();
        let holds = Arc::clone(&good);
        let mut answers = while_it_holds(told, move || holds.load(Ordering::SeqCst));
        tell.unbounded_send(Response::new(async_graphql::Value::Null)).unwrap();
        assert!(answers.next().await.is_some());
        good.store(false, Ordering::SeqCst);
        tell.unbounded_send(Response::new(async_graphql::Value::Null)).unwrap();
        assert!(answers.next().await.is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn it_ends_although_nothing_happens() {
        let answers = futures::stream::pending();
        assert!(while_it_holds(answers, || false).next().await.is_none());
    }
}
