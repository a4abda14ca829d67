use kernel::jobs::{self, Job};
use testkit::{World, both};

fn enqueue(w: &World, kind: &str) -> i64 {
    let ctx = w.ctx();
    w.write(|tx| jobs::enqueue(tx, &ctx, kind, &serde_json::json!({ "n": 1 })))
}

fn claim(w: &World) -> Option<Job> {
    w.write(|tx| jobs::claim(tx, w.now()))
}

fn state(w: &World, id: i64) -> String {
    w.read(|tx| jobs::get(tx, id)).state
}

#[test]
fn jobs_run_in_order_each_claimed_once() {
    both(|w| {
        let (first, second) = (enqueue(w, "score"), enqueue(w, "import"));
        assert!(w.read(|tx| jobs::due(tx, w.now())));
        let job = claim(w).unwrap();
        assert_eq!((job.id, job.kind.as_str(), job.n_attempts), (first, "score", 1));
        assert_eq!(claim(w).unwrap().id, second);
        assert_eq!(claim(w), None);
        assert!(!w.read(|tx| jobs::due(tx, w.now())));
        w.write(|tx| jobs::finish(tx, first, w.now(), "all well"));
        let done = w.read(|tx| jobs::get(tx, first));
        assert_eq!((done.state.as_str(), done.message.as_deref()), ("done", Some("all well")));
    });
}

#[test]
fn eight_workers_share_the_jobs_and_none_runs_twice() {
    both(|w| {
        let all: Vec<i64> = (0..40).map(|_| enqueue(w, "score")).collect();
        let mut claimed: Vec<i64> = std::thread::scope(|scope| {
            let work = || std::iter::from_fn(|| claim(w)).map(|job| job.id).collect::<Vec<i64>>();
            let workers: Vec<_> = (0..8).map(|_| scope.spawn(work)).collect();
            workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
        });
        claimed.sort_unstable();
        assert_eq!(claimed, all);
    });
}

#[test]
fn a_job_wanted_in_a_transaction_that_fails_was_never_wanted() {
    both(|w| {
        let ctx = w.ctx();
        let failed = w.try_write::<()>(|tx| {
            jobs::enqueue(tx, &ctx, "score", &serde_json::Value::Null)?;
            Err(kernel::Error::Forbidden("go on".into()))
        });
        assert!(failed.is_err() && claim(w).is_none());
    });
}

#[test]
fn a_failed_job_is_tried_again_later_each_time_after_a_longer_pause_and_then_left() {
    both(|w| {
        let id = enqueue(w, "score");
        let mut pauses = Vec::new();
        for _ in 0..jobs::MAX_ATTEMPTS {
            let start = w.now();
            let job = loop {
                match claim(w) {
                    Some(job) => break job,
                    None => w.pass(1_000_000),
                }
            };
            pauses.push((w.now() - start) / 1_000_000);
            w.write(|tx| jobs::fail(tx, &job, w.now(), "the disk is full", true));
        }
        assert_eq!(pauses, [0, 4, 8, 16, 32]);
        assert_eq!(state(w, id), "failed");
        w.pass(testkit::DAY);
        assert_eq!(claim(w), None);
    });
}

#[test]
fn a_job_that_cannot_succeed_is_not_tried_again() {
    both(|w| {
        let id = enqueue(w, "score");
        let job = claim(w).unwrap();
        w.write(|tx| jobs::fail(tx, &job, w.now(), "no such file", false));
        assert_eq!(state(w, id), "failed");
    });
}

#[test]
fn a_job_whose_worker_died_is_taken_over_and_one_whose_worker_lives_is_not() {
    both(|w| {
        let id = enqueue(w, "import");
        claim(w).unwrap();
        for _ in 0..5 {
            w.pass(jobs::LEASE - 1);
            assert_eq!(claim(w), None);
            assert!(w.write(|tx| jobs::progress(tx, id, w.now(), 1, 10)));
        }
        w.pass(jobs::LEASE + 1);
        assert!(w.read(|tx| jobs::due(tx, w.now())));
        let taken = claim(w).unwrap();
        assert_eq!((taken.id, taken.n_attempts), (id, 2));
    });
}

#[test]
fn a_job_that_kills_its_worker_every_time_is_left_for_a_person() {
    both(|w| {
        let id = enqueue(w, "import");
        let mut n = 0;
        while claim(w).is_some() {
            n += 1;
            assert!(n <= jobs::MAX_ATTEMPTS, "it would go on for ever");
            w.pass(jobs::LEASE + 1);
        }
        assert_eq!((n, state(w, id).as_str()), (jobs::MAX_ATTEMPTS, "failed"));
        let job = w.read(|tx| jobs::get(tx, id));
        assert!(job.message.is_some() && job.finished_at.is_some());
    });
}

#[test]
fn a_stopped_job_stays_stopped_whatever_its_worker_says_later() {
    both(|w| {
        let id = enqueue(w, "import");
        let job = claim(w).unwrap();
        w.write(|tx| jobs::stop(tx, id, w.now()));
        assert!(!w.write(|tx| jobs::progress(tx, id, w.now(), 5, 10)), "the worker is told");
        w.write(|tx| jobs::fail(tx, &job, w.now(), "interrupted", true));
        assert_eq!(state(w, id), "stopped");
        w.write(|tx| jobs::finish(tx, id, w.now(), "done after all"));
        assert_eq!(state(w, id), "stopped");
        let waiting = enqueue(w, "import");
        w.write(|tx| jobs::stop(tx, waiting, w.now()));
        assert_eq!(claim(w), None);
    });
}

#[test]
fn a_job_handed_back_is_taken_up_again_without_losing_an_attempt() {
    both(|w| {
        let id = enqueue(w, "import");
        claim(w).unwrap();
        w.write(|tx| jobs::give_back(tx, id, w.now()));
        assert_eq!(claim(w).unwrap().n_attempts, 1);
    });
}
