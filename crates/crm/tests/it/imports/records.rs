use testkit::{World, both};

use super::{faults, import, import_as, propose, told};

#[test]
fn deals_and_cases_are_imported_through_the_same_doors() {
    both(|w| {
        w.contact("Ana");
        let deals = "name,customer,amount,stage,expected close\nRoof,Ana,\"1,200.00\",Proposal,2026-09-01\nWall,Nobody,10.00,New,\n";
        let mut plan = propose(w, &w.ctx(), "deals", deals.as_bytes()).unwrap();
        for (column, target) in
            [("customer", "party"), ("stage", "stage"), ("expected close", "expected_close_on")]
        {
            plan.set_target(column, Some(target)).unwrap();
        }
        plan.key = None;
        let (_, account) = import_as(w, &plan, deals.as_bytes());
        assert_eq!(told(&account), "rows 2, created 2, warned 1");
        assert_eq!(
            faults(&account),
            ["2 customer: there is no person or company “Nobody”; it was left out (warning)"]
        );
        let roof = w.record("deals", w.ids("deals", "name = Roof", "")[0]);
        assert_eq!((roof.value("amount").int(), roof.names["stage"].as_str()), (Some(120_000), "Proposal"));
        let (_, again) = import_as(w, &plan, deals.as_bytes());
        assert_eq!(told(&again), "rows 2, unchanged 2");
        let (_, cases) = import(
            w,
            "cases",
            "subject,kind,priority\nBroken,Complaint,urgent\nOdd,Nonsense,low\n,Question,low\n",
        );
        assert_eq!(told(&cases), "rows 3, created 2, failed 1, warned 1");
    });
}

#[test]
fn objects_and_fields_of_run_time_are_imported() {
    both(|w| {
        let ctx = w.ctx();
        w.write(|tx| crm::catalogue::add_object(tx, &ctx, "Bike", "Bikes", "", "What we service."));
        let ctx = w.ctx();
        let field = |label: &str, kind: &str, unique: bool| crm::catalogue::NewField {
            object: "bikes".into(),
            label: label.into(),
            kind: kind.into(),
            unique,
            target: "contacts".into(),
            choices: vec!["Road".into(), "City".into()],
            ..Default::default()
        };
        w.write(|tx| crm::catalogue::add_field(tx, &ctx, &field("Frame number", "text", true)));
        let ctx = w.ctx();
        w.write(|tx| crm::catalogue::add_field(tx, &ctx, &field("Rider", "link", false)));
        let ctx = w.ctx();
        w.write(|tx| crm::catalogue::add_field(tx, &ctx, &field("Style", "choice", false)));
        w.contact("Ana");
        let file = "name,frame number,rider,style\nRed one,F1,Ana,road\nBlue one,F2,,City\nBlue one,F1,,\n";
        let mut plan = propose(w, &w.ctx(), "bikes", file.as_bytes()).unwrap();
        assert_eq!(plan.columns.iter().filter(|c| c.target.is_some()).count(), 4, "{plan:?}");
        plan.key = Some("frame_number".into());
        let (_, account) = import_as(w, &plan, file.as_bytes());
        assert_eq!(told(&account), "rows 3, created 2, updated 1");
        assert_eq!(w.list("bikes", "rider.name = Ana and style = road"), ["Blue one"]);
        let (_, again) = import_as(w, &plan, b"name,frame number,rider,style\nBlue one,F1,Ana,Road\n");
        assert_eq!(told(&again), "rows 1, unchanged 1");
    });
}

#[test]
fn custom_fields_of_contacts_are_filled() {
    both(|w| {
        let ctx = w.ctx();
        let field = crm::catalogue::NewField {
            object: "contacts".into(),
            label: "Shoe size".into(),
            kind: "number".into(),
            ..Default::default()
        };
        w.write(|tx| crm::catalogue::add_field(tx, &ctx, &field));
        let (_, account) = import(
            w,
            "contacts",
            "name,email,shoe size\nAna,ana@example.com,38.5\nBen,ben@example.com,big\n",
        );
        assert_eq!(told(&account), "rows 2, created 2, warned 1");
        assert_eq!(w.list("contacts", "shoe_size = 38.5"), ["Ana"]);
    });
}

#[test]
fn users_roles_and_lists_over_several_objects_take_no_imports() {
    let w = World::sqlite();
    for object in ["users", "roles", "customers", "parties"] {
        assert!(
            matches!(propose(&w, &w.ctx(), object, b"name\nAna\n"), Err(kernel::Error::Forbidden(_))),
            "{object}"
        );
    }
}
