use db::{Error, Row, Value};

use crate::{both, run};

#[test]
fn parameters_are_found_by_their_number_whatever_their_order_in_the_text() {
    both(|db| {
        run(db, "CREATE TABLE things (id @id, name @text, size @int) @strict;");
        db.write::<_, Error>(|tx| {
            tx.execute(
                "INSERT INTO things (name, size, id) VALUES ($2, $3, $1)",
                &[1.into(), "a".into(), 7.into()],
            )?;
            tx.execute(
                "UPDATE things SET name = $2, size = $3 WHERE id = $1",
                &[1.into(), "b".into(), 8.into()],
            )?;
            let row = tx.one(
                "SELECT name, size FROM things WHERE size > $2 AND id = $1 AND size > $2",
                &[1.into(), 7.into()],
            )?;
            assert_eq!(row, Row(vec!["b".into(), 8.into()]));
            Ok(())
        })
        .unwrap();
    });
}

#[test]
fn a_value_too_many_or_too_few_is_an_error() {
    both(|db| {
        run(db, "CREATE TABLE things (id @id) @strict;");
        for params in [vec![], vec![Value::Int(1), Value::Int(2)]] {
            let result = db.read::<_, Error>(|tx| tx.query("SELECT id FROM things WHERE id = $1", &params));
            assert!(result.is_err(), "{params:?}");
        }
    });
}

#[test]
fn every_kind_of_value_comes_back_as_it_went() {
    both(|db| {
        run(
            db,
            "CREATE TABLE things (id @id, whole @int, measure @real, words @text, data @json, raw @bytes) @strict;",
        );
        let rows = [
            vec![Value::Int(1), Value::Null, Value::Null, Value::Null, Value::Null, Value::Null],
            vec![
                Value::Int(2),
                Value::Int(i64::MIN),
                Value::Real(0.1 + 0.2),
                "Zoë \u{1f600} 'quoted' \"%_\\".into(),
                r#"{"a":[1,2]}"#.into(),
                vec![0_u8, 255].into(),
            ],
            vec![
                Value::Int(3),
                Value::Int(i64::MAX),
                Value::Real(-1e300),
                "".into(),
                "[]".into(),
                vec![].into(),
            ],
        ];
        db.write::<_, Error>(|tx| {
            let sql =
                "INSERT INTO things (id, whole, measure, words, data, raw) VALUES ($1, $2, $3, $4, $5, $6)";
            tx.execute(sql, &rows[0])?;
            let columns = ["id", "whole", "measure", "words", "data", "raw"];
            assert_eq!(tx.insert_rows("things", &columns, &rows[1..])?, 2);
            for row in tx.query("SELECT id, whole, measure, words, data, raw FROM things ORDER BY id", &[])? {
                let mut row = row;
                // JSON keeps its meaning, not its spaces.
                if let Value::Text(json) = &mut row.0[4] {
                    json.retain(|c| c != ' ');
                }
                let at = usize::try_from(row.int(0)?).unwrap() - 1;
                assert_eq!(row.0, rows[at]);
            }
            Ok(())
        })
        .unwrap();
    });
}

#[test]
fn text_with_the_character_nul_is_refused_alike() {
    both(|db| {
        run(db, "CREATE TABLE things (id @id, name @text) @strict;");
        let one = db.write::<_, Error>(|tx| {
            tx.execute("INSERT INTO things VALUES ($1, $2)", &[1.into(), "a\0b".into()])
        });
        assert!(matches!(one, Err(Error::Refused(_))), "{one:?}");
        let many = [[Value::Int(2), "a\0b".into()]];
        let many = db.write::<_, Error>(|tx| tx.insert_rows("things", &["id", "name"], &many));
        assert!(matches!(many, Err(Error::Refused(_))), "{many:?}");
        let read =
            db.read::<_, Error>(|tx| tx.query("SELECT id FROM things WHERE name = $1", &["\0".into()]));
        assert!(matches!(read, Err(Error::Refused(_))), "{read:?}");
    });
}

#[test]
fn a_taken_value_and_a_missing_one_are_told_apart() {
    both(|db| {
        run(db, "CREATE TABLE things (id @id, name @text NOT NULL UNIQUE) @strict;");
        let add = |id: i64, name: Value| {
            db.write::<_, Error>(|tx| {
                tx.execute("INSERT INTO things (id, name) VALUES ($1, $2)", &[id.into(), name])
            })
        };
        add(1, "a".into()).unwrap();
        assert!(matches!(add(2, "a".into()), Err(Error::Taken(_))));
        assert!(matches!(add(3, Value::Null), Err(Error::Refused(_))));
        let rows = [[Value::Int(4), "b".into()], [Value::Int(5), "a".into()]];
        let bulk = db.write::<_, Error>(|tx| tx.insert_rows("things", &["id", "name"], &rows));
        assert!(matches!(bulk, Err(Error::Taken(_))), "{bulk:?}");
        let left = db.read::<_, Error>(|tx| tx.one("SELECT COUNT(*) FROM things", &[])).unwrap();
        assert_eq!(left.int(0).unwrap(), 1, "a failed bulk insert leaves nothing");
    });
}

#[test]
fn text_is_ordered_by_code_point_whatever_the_language_of_the_server() {
    both(|db| {
        run(db, "CREATE TABLE things (id @id, name @text) @strict;");
        let names = ["b", "A", "a", "Z", "é", "z", "_"];
        let rows: Vec<[Value; 2]> =
            names.iter().zip(1_i64..).map(|(n, id)| [id.into(), (*n).into()]).collect();
        db.write::<_, Error>(|tx| tx.insert_rows("things", &["id", "name"], &rows)).unwrap();
        let sorted =
            db.read::<_, Error>(|tx| tx.query("SELECT name FROM things ORDER BY name", &[])).unwrap();
        let sorted: Vec<&str> = sorted.iter().map(|r| r.text(0).unwrap()).collect();
        assert_eq!(sorted, ["A", "Z", "_", "a", "b", "z", "é"]);
    });
}
