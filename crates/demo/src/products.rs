//! What the company sells.

use std::sync::LazyLock;

use crate::business::Business;
use crate::random::Random;

/// A thing or a service with its price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    /// Position in [`crate::Business::products`].
    pub index: usize,
    /// Stock keeping unit, unique.
    pub sku: String,
    /// Shown name, unique.
    pub name: String,
    /// One of eight categories.
    pub category: &'static str,
    /// List price with tax, in euro cents.
    pub price_minor: i64,
    /// What it costs us, in euro cents.
    pub cost_minor: i64,
    /// Whether it is still sold.
    pub active: bool,
}

/// How many distinct models there are; further products are variants of them.
pub(crate) const N_MODELS: usize = 64;
const VARIANTS: [&str; 12] =
    ["black", "green", "blue", "red", "sand", "grey", "white", "orange", "plum", "olive", "silver", "teal"];

/// A model's demand and where it belongs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Model {
    pub(crate) category: &'static str,
    code: &'static str,
    name: &'static str,
    pub(crate) price_minor: i64,
    margin_percent: i64,
    pub(crate) weight: f64,
}

/// The models, in the order of their file.
pub(crate) static MODELS: LazyLock<Vec<Model>> = LazyLock::new(|| {
    let mut models = Vec::new();
    for line in include_str!("products.txt").lines().filter(|line| !line.starts_with('#')) {
        let parts: Vec<&'static str> = line.split('|').collect();
        let [category, code, name, price, margin, weight] = parts[..] else { continue };
        models.push(Model {
            category,
            code,
            name,
            price_minor: price.replace('.', "").parse().unwrap_or(0),
            margin_percent: margin.parse().unwrap_or(0),
            weight: weight.parse().unwrap_or(1.0),
        });
    }
    models
});

/// Models no longer sold in the second year.
pub(crate) fn discontinued(model: usize) -> bool {
    matches!(model, 4 | 18 | 33)
}

/// The first `n` products.
pub(crate) fn products(n: usize) -> Vec<Product> {
    (0..n.max(N_MODELS))
        .map(|index| {
            let model = &MODELS[index % N_MODELS];
            let variant = index / N_MODELS;
            let colour = VARIANTS[variant.saturating_sub(1) % VARIANTS.len()];
            let name = match variant {
                0 => model.name.to_owned(),
                1..=12 => format!("{}, {colour}", model.name),
                _ => format!("{}, {colour}, series {}", model.name, (variant - 1) / VARIANTS.len() + 1),
            };
            // Tax is 21 % of the net price; the margin is on the net price.
            let net = model.price_minor * 100 / 121;
            Product {
                index,
                sku: format!("{}-{}", model.code, 1000 + index),
                name,
                category: model.category,
                price_minor: model.price_minor,
                cost_minor: net * (100 - model.margin_percent) / 100,
                active: !discontinued(index % N_MODELS),
            }
        })
        .collect()
}

impl Business {
    /// A product among the models that `fits`, by demand, in one of its variants.
    pub(crate) fn draw_product(&self, random: &mut Random, day: usize, fits: impl Fn(usize) -> f64) -> usize {
        let mut total = 0.0;
        let mut sums = [0.0; N_MODELS];
        for (model, sum) in sums.iter_mut().enumerate() {
            let sold = !(discontinued(model) && day > 380);
            total += if sold { fits(model) * MODELS[model].weight } else { 0.0 };
            *sum = total;
        }
        let target = random.unit() * total;
        let model = sums.partition_point(|sum| *sum <= target).min(N_MODELS - 1);
        let n_variants = (self.products.len() - model).div_ceil(N_MODELS);
        model + N_MODELS * random.below(n_variants)
    }

    /// A bicycle for grown-ups, for a sentence.
    pub(crate) fn draw_bike(&self, random: &mut Random) -> usize {
        const BIKES: [usize; 17] = [0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 13, 14, 15, 16, 17, 19, 20];
        random.pick(&BIKES)
    }

    /// Another bicycle than this one.
    pub(crate) fn draw_bike_but(&self, bike: usize, random: &mut Random) -> usize {
        let other = self.draw_bike(random);
        if other == bike { (other + 1) % 4 } else { other }
    }

    /// A part, a light or a lock, for a sentence about something that is put on a bicycle.
    pub(crate) fn draw_extra(&self, random: &mut Random) -> usize {
        28 + random.below(18)
    }
}

/// Whether a model is a bicycle rather than a part, an accessory or a service.
pub(crate) fn bike(model: usize) -> bool {
    matches!(model % N_MODELS, 0..=10 | 13..=24)
}
