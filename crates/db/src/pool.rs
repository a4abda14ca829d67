//! A small pool: hands out idle connections, makes new ones up to a limit, waits beyond it.

use std::sync::{Condvar, Mutex, PoisonError};

pub(crate) struct Pool<C> {
    state: Mutex<State<C>>,
    freed: Condvar,
    n_max: usize,
}

struct State<C> {
    idle: Vec<C>,
    n_made: usize,
}

impl<C> Pool<C> {
    pub(crate) fn new(n_max: usize) -> Pool<C> {
        Pool {
            state: Mutex::new(State { idle: Vec::new(), n_made: 0 }),
            freed: Condvar::new(),
            n_max: n_max.max(1),
        }
    }

    /// Takes an idle connection or makes one; waits when all are out.
    pub(crate) fn take<E>(&self, make: impl FnOnce() -> Result<C, E>) -> Result<Lease<'_, C>, E> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(conn) = state.idle.pop() {
                return Ok(Lease { pool: self, conn: Some(conn) });
            }
            if state.n_made < self.n_max {
                state.n_made += 1;
                drop(state);
                return match make() {
                    Ok(conn) => Ok(Lease { pool: self, conn: Some(conn) }),
                    Err(error) => {
                        self.give(None);
                        Err(error)
                    }
                };
            }
            state = self.freed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn give(&self, conn: Option<C>) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        match conn {
            Some(conn) => state.idle.push(conn),
            None => state.n_made -= 1,
        }
        drop(state);
        self.freed.notify_one();
    }
}

/// A connection on loan; returns to its pool when dropped.
pub(crate) struct Lease<'a, C> {
    pool: &'a Pool<C>,
    conn: Option<C>,
}

impl<C> Lease<'_, C> {
    pub(crate) fn conn(&mut self) -> &mut C {
        self.conn.as_mut().expect("a lease holds its connection until it is dropped")
    }

    /// Throws the connection away instead of giving it back, for instance when it broke.
    pub(crate) fn discard(mut self) {
        self.conn = None;
    }
}

impl<C> Drop for Lease<'_, C> {
    fn drop(&mut self) {
        self.pool.give(self.conn.take());
    }
}
