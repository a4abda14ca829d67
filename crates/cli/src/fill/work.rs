//! Deals, cases, tasks and notes.

use anyhow::Result;
use db::Value;
use demo::{CaseKind, CaseStatus, Deal, DealStatus, Party, Priority, TaskAbout};
use kernel::search::Doc;
use kernel::value::days_of;
use serde_json::json;

use super::events::{CASE, CASE_CHANGED, DEAL, DEAL_CHANGED, NOTE, TASK, TASK_CHANGED};
use super::{Filler, Rows, Work};

const DEALS: [&str; 19] = [
    "name",
    "name_key",
    "party_id",
    "contact_id",
    "pipeline_id",
    "stage_id",
    "status",
    "amount",
    "currency",
    "probability",
    "expected_close_on",
    "closed_at",
    "stage_since",
    "lost_reason",
    "source",
    "owner_id",
    "body",
    "external_id",
    "archived_at",
];
const CASES: [&str; 10] = [
    "name",
    "name_key",
    "party_id",
    "product_id",
    "kind",
    "status",
    "priority",
    "closed_at",
    "owner_id",
    "body",
];
const TASKS: [&str; 9] =
    ["name", "name_key", "due_on", "status", "done_at", "owner_id", "party_id", "deal_id", "case_id"];
const NOTES: [&str; 3] = ["body", "party_id", "owner_id"];

/// A day, for a thing whose time of day is not told to follow another.
const STEP: i64 = 3_600_000_000;

impl Filler<'_> {
    pub(super) fn deals(&mut self) -> Result<()> {
        let mut rows = Rows::of("deals", &DEALS);
        let deals: Vec<Deal> = self.business.deals().collect();
        let mut times = Vec::new();
        for deal in &deals {
            let party = deal.company.map_or(Party::Contact(deal.contact), Party::Company);
            let opened = self.moments.some(deal.opened_on, deal.index).max(self.since(party) + STEP);
            let closed = deal.closed_on.map(|on| self.moments.some(on, deal.index + 7).max(opened + STEP));
            let touched = self.moments.some(deal.touched_on, deal.index + 3).max(opened);
            let stage_since = closed.unwrap_or(touched);
            let steps = &self.pipelines[deal.pipeline];
            let n_open = steps.stages.len() - 2;
            let (stage, status) = match deal.status {
                DealStatus::Open => (deal.stage, "open"),
                DealStatus::Won => (n_open, "won"),
                DealStatus::Lost => (n_open + 1, "lost"),
            };
            let bikes: Vec<String> = deal
                .products
                .iter()
                .map(|(product, n)| format!("{n} × {}", self.business.products()[*product].name))
                .collect();
            let values = [
                deal.title.as_str().into(),
                kernel::fold::fold(&deal.title).into(),
                self.party(party).into(),
                self.contacts[deal.contact].into(),
                steps.pipeline.into(),
                steps.stages[stage].into(),
                status.into(),
                deal.amount_minor.into(),
                self.business.currency().into(),
                (f64::from(deal.probability_percent) / 100.0).into(),
                days_of(deal.expected_close_on).into(),
                closed.into(),
                stage_since.into(),
                deal.lost_reason.into(),
                self.business.contact(deal.contact).source.into(),
                self.users[deal.owner].into(),
                bikes.join("\n").into(),
                Value::Null,
                Value::Null,
            ];
            rows.add(opened, stage_since, values);
            times.push((opened, stage_since));
        }
        let ids = self.write_named(&mut rows, "deals", deals.iter().map(|d| d.title.as_str()))?;
        for ((deal, id), (opened, stage_since)) in deals.iter().zip(ids).zip(times) {
            let party = deal.company.map_or(Party::Contact(deal.contact), Party::Company);
            let party = self.party(party);
            self.deals.push(Work { id, party, since: opened });
            self.deal_history(deal, [id, party], opened, stage_since);
        }
        Ok(())
    }

    /// A deal was opened in the first stage and went through the others on its way.
    fn deal_history(&mut self, deal: &Deal, [id, party]: [i64; 2], opened: i64, stage_since: i64) {
        let actor = self.users[deal.owner];
        self.log.add(&DEAL, opened, id, party, actor);
        let steps = &self.pipelines[deal.pipeline];
        let n_open = steps.stages.len() - 2;
        let mut path: Vec<usize> = (0..=deal.stage).collect();
        match deal.status {
            DealStatus::Open => {}
            DealStatus::Won => path.push(n_open),
            DealStatus::Lost => path.push(n_open + 1),
        }
        let n_moves = path.len() as i64 - 1;
        for (n, pair) in path.windows(2).enumerate() {
            let at = opened + (stage_since - opened) / n_moves.max(1) * (n as i64 + 1);
            let mut changes = vec![("stage", json!(steps.stages[pair[0]]), json!(steps.stages[pair[1]]))];
            if pair[1] >= n_open {
                changes.push((
                    "status",
                    json!("open"),
                    json!(if pair[1] == n_open { "won" } else { "lost" }),
                ));
            }
            self.log.change(&DEAL_CHANGED, at, [id, party, actor], &changes);
        }
    }

    pub(super) fn cases(&mut self) -> Result<()> {
        let mut rows = Rows::of("cases", &CASES);
        let cases: Vec<demo::Case> = self.business.cases().collect();
        let mut times = Vec::new();
        for case in &cases {
            let kind = match case.kind {
                CaseKind::Complaint => "complaint",
                CaseKind::Question => "question",
                CaseKind::Request => "request",
            };
            let priority = match case.priority {
                Priority::Low => "low",
                Priority::Normal => "normal",
                Priority::High => "high",
                Priority::Urgent => "urgent",
            };
            let since = self.contact_since[case.contact];
            let opened = self.moments.at(case.opened_on, case.opened_second).max(since + STEP / 60);
            let closed = case.closed.map(|(on, second)| self.moments.at(on, second).max(opened + STEP));
            let values = [
                case.subject.as_str().into(),
                kernel::fold::fold(&case.subject).into(),
                self.contacts[case.contact].into(),
                case.product.map(|product| self.products[product]).into(),
                kind.into(),
                case_word(case.status).into(),
                priority.into(),
                closed.into(),
                case.owner.map(|user| self.users[user]).into(),
                case.body.as_str().into(),
            ];
            rows.add(opened, closed.unwrap_or(opened), values);
            times.push((opened, closed));
        }
        let ids = self.write_named(&mut rows, "cases", cases.iter().map(|c| c.subject.as_str()))?;
        for ((case, id), (opened, closed)) in cases.iter().zip(ids).zip(times) {
            let party = self.contacts[case.contact];
            let actor = case.owner.map_or(0, |user| self.users[user]);
            self.cases.push(Work { id, party, since: opened });
            self.log.add(&CASE, opened, id, party, 0);
            if let Some(closed) = closed {
                let changes = [("status", json!("open"), json!("closed"))];
                self.log.change(&CASE_CHANGED, closed, [id, party, actor], &changes);
            }
        }
        Ok(())
    }

    pub(super) fn tasks(&mut self) -> Result<()> {
        let mut rows = Rows::of("tasks", &TASKS);
        let tasks: Vec<demo::Task> = self.business.tasks().collect();
        let mut happened = Vec::new();
        for task in &tasks {
            let (party, since, deal, case) = match task.about {
                TaskAbout::Party(party) => (self.party(party), self.since(party), None, None),
                TaskAbout::Deal(deal) => {
                    (self.deals[deal].party, self.deals[deal].since, Some(self.deals[deal].id), None)
                }
                TaskAbout::Case(case) => {
                    (self.cases[case].party, self.cases[case].since, None, Some(self.cases[case].id))
                }
            };
            let created = self.moments.some(task.created_on, task.index).max(since + STEP / 60);
            let done = task.done_on.map(|on| self.moments.some(on, task.index + 11).max(created + STEP / 2));
            // Whoever looks around is signed in as the administrator, who should have a day to look at, too.
            let actor = if task.index % 6 == 0 { self.users[0] } else { self.users[task.assignee] };
            let values = [
                task.title.as_str().into(),
                kernel::fold::fold(&task.title).into(),
                days_of(task.due_on).into(),
                if done.is_some() { "done" } else { "open" }.into(),
                done.into(),
                actor.into(),
                party.into(),
                deal.into(),
                case.into(),
            ];
            rows.add(created, done.unwrap_or(created), values);
            happened.push((created, done, party, actor));
        }
        let ids = self.write_named(&mut rows, "tasks", tasks.iter().map(|t| t.title.as_str()))?;
        for (id, (created, done, party, actor)) in ids.into_iter().zip(happened) {
            self.log.add(&TASK, created, id, party, actor);
            if let Some(done) = done {
                let changes = [("status", json!("open"), json!("done"))];
                self.log.change(&TASK_CHANGED, done, [id, party, actor], &changes);
            }
        }
        Ok(())
    }

    pub(super) fn notes(&mut self) -> Result<()> {
        let mut rows = Rows::of("notes", &NOTES);
        let mut happened = Vec::new();
        for note in self.business.notes() {
            let at =
                self.moments.at(note.written_on, note.written_second).max(self.since(note.party) + STEP / 60);
            let (party, author) = (self.party(note.party), self.users[note.author]);
            rows.add(at, at, [note.body.into(), party.into(), author.into()]);
            happened.push((at, party, author));
        }
        let ids = self.db.write::<_, db::Error>(|tx| {
            let ids = rows.number(tx)?;
            rows.write(tx)?;
            Ok(ids)
        })?;
        for (id, (at, party, author)) in ids.into_iter().zip(happened) {
            self.log.add(&NOTE, at, id, party, author);
        }
        Ok(())
    }

    /// Writes records that are found by their names.
    fn write_named<'n>(
        &self,
        rows: &mut Rows,
        object: &str,
        names: impl Iterator<Item = &'n str>,
    ) -> Result<Vec<i64>> {
        let ids = self.db.write::<_, kernel::Error>(|tx| {
            let ids = rows.number(tx)?;
            rows.write(tx)?;
            let docs: Vec<(i64, Doc)> = ids
                .iter()
                .zip(names)
                .map(|(id, name)| (*id, self.doc(object, &[("name", Some(name))])))
                .collect();
            kernel::search::put_many(tx, object, &docs)?;
            Ok(ids)
        })?;
        Ok(ids)
    }
}

fn case_word(status: CaseStatus) -> &'static str {
    match status {
        CaseStatus::New => "new",
        CaseStatus::Open => "open",
        CaseStatus::Waiting => "waiting",
        CaseStatus::Closed => "closed",
    }
}
