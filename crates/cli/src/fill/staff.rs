//! Settings, roles, teams, users, pipelines and products: few enough for the ordinary doors.

use anyhow::Result;
use demo::Role;
use kernel::{Ctx, Value};

use super::{Filler, Steps};

impl Filler<'_> {
    pub(super) fn staff(&mut self) -> Result<()> {
        let business = self.business;
        let begin = self.moments.at(business.starts_on(), 7 * 3_600);
        let (users, products, pipelines) = self.db.write::<_, kernel::Error>(|tx| {
            let settings = crm::settings::Settings {
                name: business.name().into(),
                currency: business.currency().into(),
                time_zone: business.time_zone().into(),
                margin_rate: 0.35,
                ..crm::settings::Settings::default()
            };
            crm::settings::write(tx, &settings)?;
            let ctx = crm::workspace::system_ctx(tx, begin)?;
            crm::workspace::ensure_roles(tx, &ctx)?;
            let users = self.users(tx, &ctx)?;
            let pipelines = self.pipelines(tx, &ctx)?;
            let products = self.products(tx, &ctx)?;
            Ok((users, products, pipelines))
        })?;
        (self.users, self.products, self.pipelines) = (users, products, pipelines);
        Ok(())
    }

    fn users(&self, tx: &mut db::Tx<'_>, ctx: &Ctx) -> kernel::Result<Vec<i64>> {
        let teams = ctx.catalogue.need("teams")?;
        let mut team_ids = Vec::new();
        for team in self.business.teams() {
            let values = crm::workspace::values([("name", Value::Text(team.name.into()))]);
            team_ids.push(kernel::create(tx, ctx, teams, values)?.id);
        }
        let users = ctx.catalogue.need("users")?;
        let mut ids = Vec::new();
        for user in self.business.users() {
            let role = match user.role {
                Role::Admin => "administrator",
                Role::Manager => "manager",
                Role::Sales => "sales",
                Role::Service => "service",
                Role::Marketing => "marketing",
                Role::Analyst => "reader",
            };
            let role = tx.one("SELECT id FROM roles WHERE name_key = $1", &[role.into()])?.int(0)?;
            let values = crm::workspace::values([
                ("name", Value::Text(user.name.clone())),
                ("email", Value::Text(user.email.clone())),
                ("role", Value::Link(role)),
                ("team", Value::Link(team_ids[user.team])),
            ]);
            ids.push(kernel::create(tx, ctx, users, values)?.id);
        }
        Ok(ids)
    }

    fn pipelines(&self, tx: &mut db::Tx<'_>, ctx: &Ctx) -> kernel::Result<Vec<Steps>> {
        let mut pipelines = Vec::new();
        for (n, pipeline) in self.business.pipelines().iter().enumerate() {
            let mut steps: Vec<(&str, f64, &str)> = Vec::new();
            for stage in pipeline.stages {
                steps.push((stage.name, f64::from(stage.probability_percent) / 100.0, "open"));
            }
            steps.extend([("Won", 1.0, "won"), ("Lost", 0.0, "lost")]);
            let (pipeline, stages) =
                crm::workspace::add_pipeline(tx, ctx, pipeline.name, n as i64 + 1, &steps)?;
            pipelines.push(Steps { pipeline, stages });
        }
        Ok(pipelines)
    }

    fn products(&self, tx: &mut db::Tx<'_>, ctx: &Ctx) -> kernel::Result<Vec<i64>> {
        let products = ctx.catalogue.need("products")?;
        let mut ids = Vec::new();
        for product in self.business.products() {
            let values = crm::workspace::values([
                ("name", Value::Text(product.name.clone())),
                ("sku", Value::Text(product.sku.clone())),
                ("category", Value::Text(product.category.into())),
                ("price", Value::Money(product.price_minor)),
                ("cost", Value::Money(product.cost_minor)),
                ("currency", Value::Text(self.business.currency().into())),
                ("active", Value::Truth(product.active)),
            ]);
            ids.push(kernel::create(tx, ctx, products, values)?.id);
        }
        Ok(ids)
    }
}
