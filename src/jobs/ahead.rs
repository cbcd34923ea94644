//! Reading ahead: one thread makes what another uses, a little ahead of it.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use crate::error::{AppError, AppResult};

/// How much waits between the two: nothing. What is made next is in the maker's hand already, and every further one
/// would only cost memory.
const WAITING: usize = 0;

/// Hands to `consume`, on this thread, what `produce` makes on another; `produce` returns when there is no more, or when
/// its hand-over is refused because `consume` has ended.
///
/// # Errors
/// That of either.
pub fn ahead<T, R>(
    produce: impl FnOnce(&dyn Fn(T) -> bool) -> AppResult<()> + Send,
    consume: impl FnOnce(&mut dyn Iterator<Item = T>) -> AppResult<R>,
) -> AppResult<R>
where
    T: Send,
{
    std::thread::scope(|scope| {
        let (sender, receiver): (SyncSender<T>, Receiver<T>) = sync_channel(WAITING);
        let producer = std::thread::Builder::new()
            .name("reads-ahead".into())
            .spawn_scoped(scope, move || produce(&|item| sender.send(item).is_ok()))
            .map_err(AppError::internal)?;
        let mut items = receiver.into_iter();
        let used = consume(&mut items);
        // The hand-over ends before the producer is waited for, or it would wait for ever.
        drop(items);
        let produced = producer
            .join()
            .unwrap_or_else(|_| Err(AppError::internal("the reader panicked")));
        let used = used?;
        produced?;
        Ok(used)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_made_is_used_in_order() {
        let made = |hand_over: &dyn Fn(u32) -> bool| {
            assert!((0..100).all(hand_over));
            Ok(())
        };
        let used = ahead(made, |items| Ok(items.collect::<Vec<_>>())).unwrap();
        assert_eq!(used, (0..100).collect::<Vec<_>>());
    }

    #[test]
    fn whoever_stops_early_stops_the_reader() {
        let made = |hand_over: &dyn Fn(u32) -> bool| {
            let mut number = 0;
            while hand_over(number) {
                number += 1;
            }
            Ok(())
        };
        assert_eq!(ahead(made, |items| Ok(items.next())).unwrap(), Some(0));
    }

    #[test]
    fn either_ones_error_is_told() {
        let fails = |_: &dyn Fn(u32) -> bool| Err(AppError::not_found());
        assert!(ahead(fails, |items| Ok(items.count())).is_err());
        let made = |hand_over: &dyn Fn(u32) -> bool| {
            hand_over(1);
            Ok(())
        };
        assert!(ahead(made, |_| Err::<(), _>(AppError::not_found())).is_err());
    }
}
