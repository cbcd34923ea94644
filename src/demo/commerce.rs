//! Products with list prices, quotes in every tier and state, contracts by both routes.

use super::{
    company::manager,
    sales::{self, Pursued},
    stage::{Script, Stage},
    words::Dice,
};
use crate::{
    api::{
        commerce::{
            contract::{CancelContract, NewContract, SignContract},
            product::NewProduct,
            quote::{DeclineQuote, NewQuote, NewQuoteLine},
        },
        customers::customer::CustomerPatch,
    },
    domain::{
        Money,
        id::kind::{ContractId, QuoteId},
        timestamp::Timestamp,
        vocabulary::{Condition, ContractRoute, Opinion, ProductClass, SubjectKind},
    },
    error::AppResult,
    services::{
        commerce::{contract_steps, contracts, products, quote_steps, quotes},
        customers::maintenance,
        sales::closing,
    },
};

/// Code, name, class, line, unit, list price in fen.
type Offered = (
    &'static str,
    &'static str,
    ProductClass,
    &'static str,
    &'static str,
    i64,
);

const PRODUCTS: [Offered; 13] = [
    (
        "XL-SRV-100",
        "先录服务器 100 型",
        ProductClass::Own,
        "服务器",
        "台",
        2_800_000,
    ),
    (
        "XL-SRV-200",
        "先录服务器 200 型",
        ProductClass::Own,
        "服务器",
        "台",
        5_000_000,
    ),
    (
        "XL-STO-10",
        "先录存储 10 型",
        ProductClass::Own,
        "服务器",
        "台",
        8_800_000,
    ),
    (
        "XL-NET-24",
        "二十四口交换机",
        ProductClass::Premium,
        "网络",
        "台",
        1_200_000,
    ),
    (
        "XL-FW-1",
        "企业防火墙",
        ProductClass::Premium,
        "网络",
        "台",
        3_600_000,
    ),
    (
        "XL-CRM-STD",
        "客户管理系统标准版",
        ProductClass::Own,
        "软件",
        "用户",
        600_000,
    ),
    (
        "XL-CRM-PRO",
        "客户管理系统专业版",
        ProductClass::Own,
        "软件",
        "用户",
        980_000,
    ),
    (
        "XL-ERP-BAS",
        "企业资源计划基础版",
        ProductClass::Own,
        "软件",
        "套",
        12_000_000,
    ),
    (
        "XL-BI-1",
        "经营分析平台",
        ProductClass::Own,
        "软件",
        "套",
        6_600_000,
    ),
    (
        "XL-SVC-IMP",
        "实施服务",
        ProductClass::Own,
        "服务",
        "人天",
        200_000,
    ),
    (
        "XL-SVC-MNT",
        "年度维护",
        ProductClass::Own,
        "服务",
        "年",
        1_500_000,
    ),
    (
        "XL-TRN-1",
        "用户培训",
        ProductClass::Own,
        "服务",
        "天",
        500_000,
    ),
    // Eight of these at 4.5折 come to exactly 200,000.00: the limit of CON-02.
    (
        "XL-ALL-1",
        "先录一体机 1 型",
        ProductClass::Own,
        "服务器",
        "台",
        5_555_555,
    ),
];

/// The product manager enters the products.
///
/// # Errors
/// The service's.
pub fn offer(stage: &mut Stage<'_, '_>) -> AppResult<()> {
    for (index, (code, name, class, line, unit, price)) in PRODUCTS.into_iter().enumerate() {
        let body = NewProduct {
            code: code.to_owned(),
            name: name.to_owned(),
            class,
            product_line: line.to_owned(),
            unit_name: unit.to_owned(),
            list_price: Money::from_fen(price),
            active: None,
        };
        if index == 0 {
            stage.number_from(super::EXAMPLE_PRODUCT);
        }
        let product = stage.act("deng.hui", |tx, ctx| products::create(tx, ctx, &body))?;
        stage.number_on();
        let name = format!("product {index}");
        stage.records.insert(name, product.item.id.cast());
    }
    Ok(())
}

/// What becomes of a quote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quoted {
    Draft,
    Submitted,
    Approved,
    Rejected,
    Returned,
    Sent,
    Declined,
    Accepted(Contracted),
}

/// What becomes of a contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Contracted {
    Draft,
    Submitted,
    Approved,
    Rejected,
    Cancelled,
    Signed,
    Won,
    WonConfirmed,
}

/// Ratio in ten-thousandths, product, quantity, standard text, and what becomes of it. Amounts up to 200,000.00 at 4.5折 or
/// more are the department manager's; the others go to countersign.
const DEALS: [(i64, usize, i64, bool, Quoted); 24] = [
    (
        5_000,
        1,
        8,
        true,
        Quoted::Accepted(Contracted::WonConfirmed),
    ),
    (4_500, 1, 12, true, Quoted::Accepted(Contracted::Won)),
    (8_000, 6, 20, true, Quoted::Accepted(Contracted::Signed)),
    (4_499, 2, 4, true, Quoted::Accepted(Contracted::Submitted)),
    (4_999, 5, 30, true, Quoted::Accepted(Contracted::Approved)),
    (9_000, 7, 2, false, Quoted::Accepted(Contracted::Signed)),
    (6_200, 8, 3, true, Quoted::Sent),
    (4_000, 0, 10, true, Quoted::Rejected),
    (5_500, 3, 12, true, Quoted::Declined),
    (4_700, 4, 6, true, Quoted::Approved),
    (4_300, 7, 3, true, Quoted::Accepted(Contracted::Rejected)),
    (7_500, 10, 4, true, Quoted::Draft),
    (5_000, 6, 18, true, Quoted::Submitted),
    (4_500, 8, 5, true, Quoted::Submitted),
    (3_800, 2, 3, true, Quoted::Submitted),
    (4_600, 9, 60, true, Quoted::Returned),
    (6_000, 0, 5, true, Quoted::Accepted(Contracted::Draft)),
    (7_000, 3, 20, false, Quoted::Accepted(Contracted::Submitted)),
    (5_200, 5, 16, true, Quoted::Accepted(Contracted::Cancelled)),
    (8_800, 11, 10, true, Quoted::Accepted(Contracted::Submitted)),
    (4_499, 1, 6, true, Quoted::Approved),
    (5_000, 4, 4, true, Quoted::Sent),
    (6_600, 10, 6, true, Quoted::Accepted(Contracted::Won)),
    (4_999, 7, 1, true, Quoted::Submitted),
];

/// Writes the quote of an opportunity into the script, and what follows from it.
pub fn deal(script: &mut Script, dice: &mut Dice, pursued: Pursued, deal: usize, at: Timestamp) {
    let Some((ratio, product, quantity, standard_text, end)) =
        DEALS.get(deal % DEALS.len()).copied()
    else {
        return;
    };
    let price = PRODUCTS.get(product).map_or(1, |offered| offered.5);
    let quoted = Money::from_fen(price * ratio / 10_000);
    let mut amount = Money::from_fen(quoted.fen() * quantity);
    let valid_until = script.end.plus(chrono::Duration::days(60));
    script.at(at, move |stage| {
        quote(stage, pursued, product, quantity, quoted, valid_until)
    });
    if end == Quoted::Draft {
        return;
    }
    let submitted = script.later(at, 0, dice);
    script.at(submitted, move |stage| {
        let id = quote_of(stage, pursued)?;
        let submit = stage.act(pursued.owner, |tx, ctx| quote_steps::submit(tx, ctx, id));
        submit.map(drop)
    });
    if end == Quoted::Submitted {
        return;
    }
    let (opinion, comment) = match end {
        Quoted::Rejected => (Opinion::Disagree, Some("折扣过深，低于成本。")),
        Quoted::Returned => (Opinion::Return, Some("请拆分实施服务单独报价。")),
        _ => (Opinion::Agree, None),
    };
    let approver = match ratio {
        5_000.. => manager(pursued.owner),
        4_500.. => "wu.fang",
        _ if deal.is_multiple_of(2) => "zhao.ming",
        _ => "chen.jianguo",
    };
    let decided = script.later(submitted, 1, dice);
    script.at(decided, move |stage| {
        let id = quote_of(stage, pursued)?.cast();
        stage.decide(approver, SubjectKind::Quote, id, opinion, comment)
    });
    if matches!(end, Quoted::Rejected | Quoted::Returned | Quoted::Approved) {
        return;
    }
    let sent = script.later(decided, 0, dice);
    script.at(sent, move |stage| {
        let id = quote_of(stage, pursued)?;
        stage.act(pursued.owner, |tx, ctx| quote_steps::send(tx, ctx, id))?;
        sales::set_stage(stage, pursued, 4)
    });
    let answered = script.later(sent, 3, dice);
    match end {
        Quoted::Declined => {
            script.at(answered, move |stage| {
                let id = quote_of(stage, pursued)?;
                let reason = "客户选择了其他供应商。".to_owned();
                let body = DeclineQuote { reason };
                let decline = stage.act(pursued.owner, |tx, ctx| {
                    quote_steps::decline(tx, ctx, id, &body)
                });
                decline.map(drop)
            });
        }
        Quoted::Accepted(end) => {
            script.at(answered, move |stage| {
                let id = quote_of(stage, pursued)?;
                stage.act(pursued.owner, |tx, ctx| quote_steps::accept(tx, ctx, id))?;
                sales::set_stage(stage, pursued, 6)
            });
            // One contract stands exactly at the limit.
            if deal == 0 {
                amount = Money::from_yuan(200_000);
            }
            let number = format!("XL-{}-{:04}", script.year(), deal + 1);
            let contract = Paper {
                number,
                amount,
                standard_text,
            };
            let at = script.later(answered, 1, dice);
            contracted(script, dice, pursued, contract, end, at);
        }
        _ => {}
    }
}

fn quote_of(stage: &Stage<'_, '_>, pursued: Pursued) -> AppResult<QuoteId> {
    Ok(stage
        .record(&format!("quote of {}", pursued.name()))?
        .cast())
}

fn contract_of(stage: &Stage<'_, '_>, pursued: Pursued) -> AppResult<ContractId> {
    Ok(stage
        .record(&format!("contract of {}", pursued.name()))?
        .cast())
}

fn quote(
    stage: &mut Stage<'_, '_>,
    pursued: Pursued,
    product: usize,
    quantity: i64,
    quoted_price: Money,
    valid_until: Timestamp,
) -> AppResult<()> {
    let title = PRODUCTS.get(product).map_or("", |offered| offered.1);
    let body = NewQuote {
        opportunity_id: pursued.id(stage)?,
        title: format!("{title}报价"),
        lines: vec![NewQuoteLine {
            product_id: stage.record(&format!("product {product}"))?.cast(),
            quantity,
            quoted_price,
        }],
        valid_until: stage.day_of(valid_until),
        remarks: None,
        exception_reason: None,
    };
    if pursued.number == 0 {
        stage.number_from(super::EXAMPLE_QUOTE);
    }
    let quote = stage.act(pursued.owner, |tx, ctx| quotes::create(tx, ctx, &body))?;
    stage.number_on();
    let name = format!("quote of {}", pursued.name());
    stage.records.insert(name, quote.item.id.cast());
    Ok(())
}

/// A contract to be entered.
struct Paper {
    number: String,
    amount: Money,
    standard_text: bool,
}

fn contracted(
    script: &mut Script,
    dice: &mut Dice,
    pursued: Pursued,
    paper: Paper,
    end: Contracted,
    at: Timestamp,
) {
    script.at(at, move |stage| enter(stage, pursued, &paper));
    if end == Contracted::Draft {
        return;
    }
    let submitted = script.later(at, 0, dice);
    script.at(submitted, move |stage| {
        let id = contract_of(stage, pursued)?;
        let submit = stage.act(pursued.owner, |tx, ctx| contract_steps::submit(tx, ctx, id));
        submit.map(drop)
    });
    let decided = script.later(submitted, 1, dice);
    if end == Contracted::Cancelled {
        script.at(decided, move |stage| cancel(stage, pursued));
        return;
    }
    script.at(decided, move |stage| sign_off(stage, pursued, end));
    if !matches!(
        end,
        Contracted::Signed | Contracted::Won | Contracted::WonConfirmed
    ) {
        return;
    }
    let signed = script.later(decided, 3, dice);
    script.at(signed, move |stage| {
        let id = contract_of(stage, pursued)?;
        let body = SignContract {
            signed_on: stage.today(),
        };
        let sign = stage.act(pursued.owner, |tx, ctx| {
            contract_steps::sign(tx, ctx, id, &body)
        });
        sign?;
        // Who has signed is a successful customer (CUS-29).
        let successful = CustomerPatch {
            condition: Some(Condition::Successful),
            ..CustomerPatch::default()
        };
        let customer = stage.customer(pursued.customer)?;
        let became = stage.act(pursued.owner, |tx, ctx| {
            maintenance::edit(tx, ctx, customer, &successful)
        });
        became.map(drop)
    });
    if end == Contracted::Signed {
        return;
    }
    let won = script.later(signed, 1, dice);
    script.at(won, move |stage| {
        let id = pursued.id(stage)?;
        let close = stage.act(pursued.owner, |tx, ctx| closing::close_won(tx, ctx, id));
        close.map(drop)
    });
    if end == Contracted::WonConfirmed {
        let confirmed = script.later(won, 1, dice);
        script.at(confirmed, move |stage| sales::confirm(stage, pursued));
    }
}

fn enter(stage: &mut Stage<'_, '_>, pursued: Pursued, paper: &Paper) -> AppResult<()> {
    let body = NewContract {
        number: paper.number.clone(),
        title: "产品销售合同".to_owned(),
        customer_id: stage.customer(pursued.customer)?,
        opportunity_id: Some(pursued.id(stage)?),
        quote_id: Some(quote_of(stage, pursued)?),
        amount: paper.amount,
        list_amount: None,
        product_sale: true,
        standard_text: paper.standard_text,
        remarks: None,
    };
    if pursued.number == 0 {
        stage.number_from(super::EXAMPLE_CONTRACT);
    }
    let contract = stage.act(pursued.owner, |tx, ctx| contracts::create(tx, ctx, &body))?;
    stage.number_on();
    let name = format!("contract of {}", pursued.name());
    stage.records.insert(name, contract.item.id.cast());
    Ok(())
}

fn cancel(stage: &mut Stage<'_, '_>, pursued: Pursued) -> AppResult<()> {
    let id = contract_of(stage, pursued)?;
    let body = CancelContract {
        reason: "客户取消采购。".to_owned(),
    };
    let cancel = stage.act(pursued.owner, |tx, ctx| {
        contract_steps::cancel(tx, ctx, id, &body)
    });
    cancel.map(drop)
}

/// The department manager decides alone, or the countersign goes as far as it has come.
fn sign_off(stage: &mut Stage<'_, '_>, pursued: Pursued, end: Contracted) -> AppResult<()> {
    let id = contract_of(stage, pursued)?;
    let contract = stage.act(pursued.owner, |tx, ctx| contracts::get(tx, ctx, id))?;
    let agree = |stage: &mut Stage<'_, '_>, who: &str, comment| {
        stage.decide(
            who,
            SubjectKind::Contract,
            id.cast(),
            Opinion::Agree,
            comment,
        )
    };
    let refuse = |stage: &mut Stage<'_, '_>, who: &str| {
        let why = Some("付款条件不符合公司规定。");
        stage.decide(
            who,
            SubjectKind::Contract,
            id.cast(),
            Opinion::Disagree,
            why,
        )
    };
    if contract.item.route == ContractRoute::DepartmentManager {
        return match end {
            Contracted::Submitted => Ok(()),
            Contracted::Rejected => refuse(stage, manager(pursued.owner)),
            _ => agree(stage, manager(pursued.owner), None),
        };
    }
    agree(stage, "luo.min", Some("条款完整，建议同意。"))?;
    agree(stage, "sun.lei", None)?;
    match end {
        // The others have not spoken yet.
        Contracted::Submitted => Ok(()),
        Contracted::Rejected => refuse(stage, "zhou.jie"),
        _ => {
            agree(stage, "zhou.jie", None)?;
            agree(stage, "chen.jianguo", None)
        }
    }
}
