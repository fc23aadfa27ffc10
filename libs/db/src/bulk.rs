//! Many rows in one statement.

use crate::{DbKind, TenantOwned};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DbBackend, EntityName as _, EntityTrait, Iterable as _,
    Statement, Value,
    sea_query::{ExprTrait, SimpleExpr, extension::postgres::PgFunc},
};

/// What happens to a row whose key is there already.
pub(crate) enum Clash<C> {
    /// The statement fails.
    Refuse,
    /// It stays as it is; without a key, whichever key it is.
    Keep(Vec<C>),
    /// These columns are overwritten.
    Overwrite { key: Vec<C>, changed: Vec<C> },
}

/// How many rows of `A` go into one statement: SQLite takes 32,766 parameters, one per value, and
/// on both more than 1,000 rows gains nothing.
pub(crate) fn rows_per_statement<A: ActiveModelTrait>(kind: DbKind) -> usize {
    let columns = <A::Entity as EntityTrait>::Column::iter().count().max(1);
    if kind == DbKind::Postgres { 1_000 } else { (32_000 / columns).min(1_000) }
}

/// The statement that inserts `rows`; `None` when there is nothing to insert.
pub(crate) fn insert<A>(
    kind: DbKind,
    rows: Vec<A>,
    clash: &Clash<<A::Entity as EntityTrait>::Column>,
) -> Option<Statement>
where
    A: ActiveModelTrait,
    A::Entity: TenantOwned,
{
    let columns = columns(rows);
    if columns.is_empty() {
        return None;
    }
    let table = A::Entity::default();
    let names = quoted(columns.iter().map(|(column, _)| column));
    let (backend, source, values) = match kind {
        DbKind::Postgres => arrays(columns.into_iter().map(|(_, values)| values)),
        DbKind::Sqlite => places(columns.into_iter().map(|(_, values)| values).collect()),
    };
    let sql = format!("INSERT INTO \"{}\" ({names}) {source}{}", table.table_name(), clash.sql());
    Some(Statement::from_sql_and_values(backend, sql, values))
}

/// The rows by column. A column that no row sets is left to the database; where only some rows set
/// it, the others have nothing in it.
fn columns<A: ActiveModelTrait>(
    mut rows: Vec<A>,
) -> Vec<(<A::Entity as EntityTrait>::Column, Vec<Value>)> {
    let all = <A::Entity as EntityTrait>::Column::iter().filter_map(|column| {
        let values: Vec<Option<Value>> =
            rows.iter_mut().map(|row| row.take(column).into_value()).collect();
        let nothing = values.iter().flatten().next()?.as_null();
        let filled = values.into_iter().map(|value| value.unwrap_or_else(|| nothing.clone()));
        Some((column, filled.collect()))
    });
    all.collect()
}

/// Whether a column holds one of these values.
pub(crate) fn among(kind: DbKind, column: impl ColumnTrait, values: Vec<Value>) -> SimpleExpr {
    match array(kind, values) {
        Ok(array) => ExprTrait::eq(column.into_expr(), PgFunc::any(array)),
        Err(values) => column.is_in(values),
    }
}

/// The same as text that follows the column; `given` is what the statement is given after the
/// company, and takes the list in.
pub(crate) fn one_of(kind: DbKind, given: &mut Vec<Value>, wanted: Vec<Value>) -> String {
    let first = given.len() + 2;
    match array(kind, wanted) {
        Ok(array) => {
            given.push(array);
            format!("= ANY(${first})")
        }
        Err(wanted) if wanted.is_empty() => "IN (NULL)".to_owned(),
        Err(wanted) => {
            let places: Vec<String> =
                (first..first + wanted.len()).map(|place| format!("${place}")).collect();
            given.extend(wanted);
            format!("IN ({})", places.join(", "))
        }
    }
}

/// The values as the one array that PostgreSQL takes; as they are where there is no such thing, or
/// none whose kind could be told.
fn array(kind: DbKind, values: Vec<Value>) -> Result<Value, Vec<Value>> {
    match values.first().map(Value::array_type) {
        Some(of) if kind == DbKind::Postgres => Ok(Value::Array(of, Some(Box::new(values)))),
        _ => Err(values),
    }
}

/// PostgreSQL takes each column as an array, so the text of the statement is the same however many
/// rows there are, and is parsed and planned once per connection. The driver's arrays hold no
/// nulls: a second array says where they are.
fn arrays(columns: impl Iterator<Item = Vec<Value>>) -> (DbBackend, String, Vec<Value>) {
    let (mut wanted, mut places, mut names, mut given) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut give = |name: String, values: Vec<Value>| {
        let kind = values.first().map_or(sea_orm::sea_query::ArrayType::Bool, Value::array_type);
        given.push(Value::Array(kind, Some(Box::new(values))));
        places.push(format!("${}", given.len()));
        names.push(name);
    };
    for (number, mut values) in columns.enumerate() {
        let nulls: Vec<bool> = values.iter().map(|value| *value == value.as_null()).collect();
        if nulls.contains(&true) {
            wanted.push(format!("CASE WHEN n{number} THEN NULL ELSE c{number} END"));
            for value in values.iter_mut().filter(|value| **value == value.as_null()) {
                *value = value.dummy_value();
            }
            give(format!("n{number}"), nulls.into_iter().map(Value::from).collect());
        } else {
            wanted.push(format!("c{number}"));
        }
        give(format!("c{number}"), values);
    }
    let (wanted, places, names) = (wanted.join(", "), places.join(", "), names.join(", "));
    let source = format!("SELECT {wanted} FROM UNNEST({places}) AS r ({names})");
    (DbBackend::Postgres, source, given)
}

/// SQLite takes each value by itself.
fn places(columns: Vec<Vec<Value>>) -> (DbBackend, String, Vec<Value>) {
    let rows = columns.first().map_or(0, Vec::len);
    let row = format!("({})", vec!["?"; columns.len()].join(", "));
    let source = format!("VALUES {}", vec![row; rows].join(", "));
    let mut columns: Vec<_> = columns.into_iter().map(Vec::into_iter).collect();
    let given = (0..rows).flat_map(|_| {
        let row: Vec<Value> = columns.iter_mut().filter_map(Iterator::next).collect();
        row
    });
    let given = given.collect();
    (DbBackend::Sqlite, source, given)
}

/// Names as they stand in a statement, whatever else they mean in SQL.
fn quoted<'c, C: ColumnTrait>(columns: impl IntoIterator<Item = &'c C>) -> String {
    let names = columns.into_iter().map(|column| format!("\"{}\"", column.as_str()));
    names.collect::<Vec<_>>().join(", ")
}

impl<C: ColumnTrait> Clash<C> {
    fn sql(&self) -> String {
        match self {
            Self::Refuse => String::new(),
            Self::Keep(key) if key.is_empty() => " ON CONFLICT DO NOTHING".to_owned(),
            Self::Keep(key) => format!(" ON CONFLICT ({}) DO NOTHING", quoted(key)),
            Self::Overwrite { key, changed } => {
                let set = |column: &C| format!("\"{0}\" = excluded.\"{0}\"", column.as_str());
                let set: Vec<String> = changed.iter().map(set).collect();
                format!(" ON CONFLICT ({}) DO UPDATE SET {}", quoted(key), set.join(", "))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Clash, insert};
    use crate::{DbKind, tenant_owned};
    use sea_orm::ActiveValue::Set;
    use uuid::Uuid;

    mod row {
        use sea_orm::entity::prelude::*;
        #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
        #[sea_orm(table_name = "notes")]
        pub struct Model {
            #[sea_orm(primary_key, auto_increment = false)]
            pub tenant_id: Uuid,
            pub text: Option<String>,
            pub size: i32,
        }
        #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
        pub enum Relation {}
        impl ActiveModelBehavior for ActiveModel {}
    }
    tenant_owned!(row);
    use row::{ActiveModel, Column};

    fn note(text: Option<&str>) -> ActiveModel {
        ActiveModel {
            tenant_id: Set(Uuid::nil()),
            text: Set(text.map(str::to_owned)),
            ..Default::default()
        }
    }

    #[test]
    fn postgres_gets_an_array_per_column_and_says_where_nothing_is() {
        let rows = vec![note(Some("a")), note(None)];
        let made = insert(DbKind::Postgres, rows, &Clash::Keep(vec![])).unwrap();
        let sql = "INSERT INTO \"notes\" (\"tenant_id\", \"text\") \
                   SELECT c0, CASE WHEN n1 THEN NULL ELSE c1 END \
                   FROM UNNEST($1, $2, $3) AS r (c0, n1, c1) ON CONFLICT DO NOTHING";
        assert_eq!(made.sql, sql);
        assert_eq!(made.values.unwrap().0.len(), 3);
    }

    #[test]
    fn sqlite_gets_every_value_row_by_row() {
        let rows = vec![note(Some("a")), ActiveModel { size: Set(3), ..note(None) }];
        let clash = Clash::Overwrite { key: vec![Column::TenantId], changed: vec![Column::Text] };
        let made = insert(DbKind::Sqlite, rows, &clash).unwrap();
        let sql = "INSERT INTO \"notes\" (\"tenant_id\", \"text\", \"size\") \
                   VALUES (?, ?, ?), (?, ?, ?) \
                   ON CONFLICT (\"tenant_id\") DO UPDATE SET \"text\" = excluded.\"text\"";
        assert_eq!(made.sql, sql);
        assert_eq!(made.values.unwrap().0.len(), 6);
        assert!(insert(DbKind::Sqlite, Vec::<ActiveModel>::new(), &Clash::Refuse).is_none());
    }
}
