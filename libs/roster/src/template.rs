//! The sheets and headers of the file, our own and those of other systems.

use sheets::{Column, Kind, Template};

const fn need(
    key: &'static str,
    zh: &'static str,
    en: &'static str,
    aliases: &'static [&'static str],
) -> Column {
    Column::required(key, zh, en, aliases)
}

const fn may(
    key: &'static str,
    zh: &'static str,
    en: &'static str,
    aliases: &'static [&'static str],
) -> Column {
    Column::optional(key, zh, en, aliases)
}

const BUILDING: Column =
    may("building", "楼栋编号", "Building", &["楼栋号", "楼栋", "栋", "楼号", "幢号"]);
const ENTRANCE: Column = may("entrance", "单元编号", "Entrance", &["单元号", "单元"]);
const UNIT: Column = need(
    "unit",
    "房屋编号",
    "Unit",
    &["房号", "房间号", "室号", "房屋号", "unit number", "unit no"],
);

const ENTRANCES: &[Column] = &[
    need("building", "楼栋编号", "Building", &["楼栋号", "楼栋", "栋", "楼号", "幢号"]),
    need("entrance", "单元编号", "Entrance", &["单元号", "单元"]),
    may("floors", "总层数", "Floors", &["层数", "楼层数"]),
    may("lift", "是否有电梯", "Lift", &["电梯", "elevator"]),
];

const PEOPLE: &[Column] = &[
    need("code", "业主编号", "Person code", &["住户编号", "人员编号", "owner code", "owner id"]),
    need("name", "业主名称", "Name", &["业主姓名", "姓名", "名称", "owner name"]),
    may("kind", "业主类别", "Party kind", &["业主类型", "类别"]),
    may("gender", "性别", "Gender", &["sex"]),
    may("age", "年龄", "Age", &[]),
    may("phone", "手机号", "Phone", &["手机号码", "联系电话", "电话", "手机", "mobile"]),
    may(
        "identity",
        "身份证号",
        "Identity number",
        &["身份证", "身份证号码", "证件号码", "id number"],
    ),
];

const FEE_SETTINGS: &[Column] = &[
    need("code", "费用编号", "Fee code", &["费用编码"]),
    may("item", "费用项目编码", "Fee item code", &[]),
    may("type", "费用类型", "Fee type", &[]),
    need("name", "收费项目", "Fee item", &["费用名称", "项目名称", "fee name"]),
    may("name_en", "英文名称", "English name", &[]),
    may("partner", "代收单位", "Partner", &[]),
    may("kind", "费用标识", "Fee kind", &[]),
    may("timing", "付费类型", "Payment type", &[]),
    may("cycle", "缴费周期", "Cycle months", &["周期"]),
    may("billing_day", "出账类型", "Billing day", &["出账日"]),
    may("starts_on", "计费起始时间", "Starts on", &["计费开始时间", "起始时间"]),
    may("ends_on", "计费结束时间", "Ends on", &["结束时间"]),
    need("formula", "计算公式", "Formula", &["公式"]),
    may("price", "计费单价", "Price", &["单价"]),
    may("fixed", "固定费用", "Surcharge", &["附加费", "固定金额", "fixed amount"]),
    may("proration", "不足月计费", "Part of a month", &[]),
];

const UNITS: &[Column] = &[
    UNIT,
    BUILDING,
    ENTRANCE,
    may("floor", "房屋楼层", "Floor", &["楼层", "所在楼层"]),
    may("layout", "房屋户型", "Layout", &["户型"]),
    need("gross_area", "建筑面积", "Gross area", &["面积", "房屋面积"]),
    may("net_area", "套内面积", "Net area", &["室内面积", "使用面积"]),
    may("use", "房屋用途", "Use", &["用途", "房屋类型"]),
    may("state", "房屋状态", "State", &["状态"]),
    may("owner", "业主编号", "Owner code", &["住户编号", "owner"]),
    may("fees", "房屋费用", "Fee codes", &["费用编号"]),
    may("fee_starts", "费用开始时间", "Fee start dates", &["计费起始时间"]),
];

const PARKING: &[Column] = &[
    may("lot", "停车场编号", "Parking lot", &["停车场", "车场"]),
    need("code", "车位编码", "Space code", &["车位编号", "车位号", "space"]),
    may("kind", "停车场类型", "Space kind", &["车位类型"]),
    may("area", "面积", "Area", &["车位面积"]),
    may("owner", "业主编号", "Owner code", &["住户编号", "owner"]),
    may("plate", "车牌号", "Plate", &["车牌", "车牌号码"]),
    may("brand", "车品牌", "Brand", &["品牌"]),
    may("vehicle", "车类型", "Vehicle type", &["车辆类型"]),
    may("colour", "颜色", "Colour", &["车辆颜色", "color"]),
    may("tenure", "出租还是出售", "Sold or leased", &["出售还是出租", "租售"]),
];

const OCCUPANCIES: &[Column] = &[
    UNIT,
    BUILDING,
    ENTRANCE,
    need("person", "住户编号", "Person code", &["业主编号", "承租人编号", "租户编号"]),
    need("role", "住户身份", "Role", &["身份", "入住身份"]),
    may("starts_on", "开始日期", "Starts on", &["起租日期", "产权日期", "入住日期"]),
    may("ends_on", "结束日期", "Ends on", &["退租日期", "到期日期"]),
    may("payer", "是否付费人", "Payer", &["付费人", "缴费人"]),
];

const MEMBERS: &[Column] = &[
    UNIT,
    BUILDING,
    ENTRANCE,
    need("name", "成员姓名", "Member name", &["姓名", "家庭成员"]),
    need("relation", "与业主关系", "Relation", &["关系", "与户主关系"]),
    may("gender", "性别", "Gender", &["sex"]),
    may("phone", "手机号", "Phone", &["手机号码", "联系电话", "电话"]),
    may("identity", "身份证号", "Identity number", &["身份证", "身份证号码"]),
];

const FEE_LINKS: &[Column] = &[
    UNIT,
    BUILDING,
    ENTRANCE,
    may("lot", "停车场编号", "Parking lot", &["停车场", "车场"]),
    may("space", "车位编码", "Space code", &["车位编号", "车位号", "space"]),
    may("use", "房屋用途", "Use", &["用途"]),
    need("fee", "费用编号", "Fee code", &["费用编码"]),
    need("starts_on", "费用开始时间", "Fee starts on", &["计费起始时间"]),
    may("ends_on", "费用结束时间", "Fee ends on", &["计费结束时间"]),
];

const fn table(
    key: &'static str,
    zh: &'static str,
    en: &'static str,
    aliases: &'static [&'static str],
    columns: &'static [Column],
) -> Kind {
    Kind { key, zh, en, aliases, columns }
}

/// Keys of the kinds.
pub mod kind {
    /// Buildings and their entrances (楼栋单元).
    pub const ENTRANCES: &str = "entrances";
    /// Owners and other people (业主信息).
    pub const PEOPLE: &str = "people";
    /// Fee settings (费用设置).
    pub const FEE_SETTINGS: &str = "fee_settings";
    /// Units (房屋信息).
    pub const UNITS: &str = "units";
    /// Parking spaces (车位信息).
    pub const PARKING: &str = "parking";
    /// Who owns, leases or uses which unit from when to when (入住信息).
    pub const OCCUPANCIES: &str = "occupancies";
    /// Household members (家庭成员).
    pub const MEMBERS: &str = "members";
    /// Which fee a unit pays from when (房屋费用), one row each; our own form of what others keep
    /// as lists in the unit's row.
    pub const FEE_LINKS: &str = "fee_links";
}

/// Every sheet of the file.
pub static TEMPLATE: Template = Template {
    kinds: &[
        table(kind::ENTRANCES, "楼栋单元", "Entrances", &["楼栋", "单元信息"], ENTRANCES),
        table(
            kind::PEOPLE,
            "业主信息",
            "People",
            &["业主", "住户信息", "人员信息", "owners"],
            PEOPLE,
        ),
        table(
            kind::FEE_SETTINGS,
            "费用设置",
            "Fee settings",
            &["收费项目", "费用项"],
            FEE_SETTINGS,
        ),
        table(kind::UNITS, "房屋信息", "Units", &["房屋", "房产信息", "房屋资料"], UNITS),
        table(kind::PARKING, "车位信息", "Parking spaces", &["车位", "停车位", "parking"], PARKING),
        table(kind::OCCUPANCIES, "入住信息", "Occupancies", &["租户信息", "lessees"], OCCUPANCIES),
        table(kind::MEMBERS, "家庭成员", "Household members", &["成员信息", "members"], MEMBERS),
        table(kind::FEE_LINKS, "房屋费用", "Fee links", &["费用关系"], FEE_LINKS),
    ],
};
