//! What a quote's lines come to: list prices of the moment, totals, and the tier that must approve (QUO-05..07, QUO-09).

use std::collections::HashMap;

use crate::{
    api::commerce::quote::NewQuoteLine,
    context::Ctx,
    db::Conn,
    domain::{
        Money,
        id::kind::{ProductId, QuoteId},
        vocabulary::QuoteTier,
    },
    error::{AppError, AppResult, FieldError},
    models::commerce::{
        product::Product,
        quote::{Quote, QuoteLine},
    },
    policy::commerce::discount::{self, DiscountSettings, Facts, Line},
    repositories::commerce::products,
    services::org::fields::Fields,
};

/// What the lines of a quote come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// Sum of list price × quantity.
    pub list_total: Money,
    /// Sum of quoted price × quantity.
    pub quoted_total: Money,
    /// Who must approve.
    pub tier: QuoteTier,
    /// The line, counted from 1, that is deeper than the total.
    pub deepest_line: Option<i32>,
    /// Version of the discount policy that says so.
    pub policy_number: i64,
}

impl Terms {
    /// Writes the terms into a quote.
    pub fn put(&self, quote: &mut Quote) {
        let Self {
            list_total,
            quoted_total,
            tier,
            deepest_line,
            policy_number,
        } = self;
        quote.list_total = *list_total;
        quote.quoted_total = *quoted_total;
        quote.tier = *tier;
        quote.deepest_line = *deepest_line;
        quote.policy_number = *policy_number;
    }
}

/// Takes the list prices of this moment into the lines. Unknown and inactive products, and amounts that no money can
/// hold, are failing fields.
///
/// # Errors
/// A database fault.
pub fn price(
    conn: &mut Conn,
    ctx: &Ctx,
    quote_id: QuoteId,
    wanted: &[NewQuoteLine],
    fields: &mut Fields,
) -> AppResult<Vec<QuoteLine>> {
    let ids: Vec<ProductId> = wanted.iter().map(|line| line.product_id).collect();
    let known: HashMap<ProductId, Product> = products::several(conn, &ids)?
        .into_iter()
        .map(|product| (product.id, product))
        .collect();
    let lines = wanted.iter().zip(1..).filter_map(|(line, position)| {
        match priced(ctx, quote_id, line, position, known.get(&line.product_id)) {
            Ok(line) => Some(line),
            Err((member, code, zh, en)) => {
                fields.fail(FieldError::new(
                    format!("/lines/{}/{member}", position - 1),
                    code,
                    zh,
                    en,
                ));
                None
            }
        }
    });
    Ok(lines.collect())
}

type Failure = (&'static str, &'static str, &'static str, &'static str);

fn priced(
    ctx: &Ctx,
    quote_id: QuoteId,
    line: &NewQuoteLine,
    position: i32,
    product: Option<&Product>,
) -> Result<QuoteLine, Failure> {
    let NewQuoteLine {
        product_id,
        quantity,
        quoted_price,
    } = *line;
    let product = product.ok_or((
        "product_id",
        "UNKNOWN_REFERENCE",
        "没有此产品。",
        "There is no such product.",
    ))?;
    if !product.active {
        return Err((
            "product_id",
            "INACTIVE_PRODUCT",
            "该产品已停用，不能报价。",
            "The product is inactive and cannot be quoted.",
        ));
    }
    let list_price = product.list_price;
    let too_large = || {
        (
            "quantity",
            "AMOUNT_TOO_LARGE",
            "金额超过系统上限；请减少数量或分拆。",
            "The amount is too large: split it.",
        )
    };
    Ok(QuoteLine {
        id: ctx.new_id(),
        quote_id,
        position,
        product_id,
        product_name: product.name.clone(),
        quantity,
        list_price,
        quoted_price,
        list_amount: list_price.checked_mul(quantity).ok_or_else(too_large)?,
        quoted_amount: quoted_price.checked_mul(quantity).ok_or_else(too_large)?,
    })
}

/// Judges lines by the discount policy in force.
///
/// # Errors
/// 409 when there is nothing to judge, or the total is too large.
pub fn judge(ctx: &Ctx, lines: &[QuoteLine]) -> AppResult<Terms> {
    let settings = ctx.policy::<DiscountSettings>()?;
    let facts = Facts {
        lines: lines.iter().map(extended).collect(),
    };
    let decision = discount::decide(&facts, &settings.value)?;
    let sum = |amounts: Vec<Money>| {
        Money::try_sum(amounts).ok_or_else(|| AppError::internal("a judged total overflows"))
    };
    Ok(Terms {
        list_total: sum(lines.iter().map(|line| line.list_amount).collect())?,
        quoted_total: sum(lines.iter().map(|line| line.quoted_amount).collect())?,
        tier: decision.tier,
        deepest_line: decision
            .deepest_line
            .and_then(|i| lines.get(i))
            .map(|line| line.position),
        policy_number: settings.number,
    })
}

/// A line as the policy judges it.
pub fn extended(line: &QuoteLine) -> Line {
    Line {
        list: line.list_amount,
        quoted: line.quoted_amount,
    }
}

/// A quote's totals as the policy judges them.
pub fn totals(quote: &Quote) -> Line {
    Line {
        list: quote.list_total,
        quoted: quote.quoted_total,
    }
}
