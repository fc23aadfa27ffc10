//! Words of the file that stand for one of a few values.

use sheets::{Cell, Language, Wrong};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$each:meta])* $value:ident: $zh:literal, $en:literal $(| $alias:literal)*;)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
        pub enum $name { $($(#[$each])* $value,)+ }

        impl $name {
            /// Our own word for it.
            pub const fn word(self, language: Language) -> &'static str {
                match (self, language) {
                    $((Self::$value, Language::Zh) => $zh, (Self::$value, Language::En) => $en,)+
                }
            }

            /// Reads any known word; `None` for an empty cell.
            pub fn read(cell: &Cell) -> Result<Option<Self>, Wrong> {
                let Some(text) = cell.text()? else { return Ok(None) };
                match text.to_lowercase().as_str() {
                    $(word if [$zh, $en $(, $alias)*].iter().any(|known| known.to_lowercase() == word) => Ok(Some(Self::$value)),)+
                    _ => Err(unknown(&text, &[$($zh),+], &[$($en),+])),
                }
            }
        }
    };
}

fn unknown(text: &str, zh: &[&str], en: &[&str]) -> Wrong {
    Wrong::new(
        "UNKNOWN_WORD",
        format!("“{text}”应为：{}", zh.join("、")),
        format!("`{text}` is none of: {}", en.join(", ")),
    )
}

words!(/// A person's gender.
Gender {
    /// Male.
    Male: "男", "Male" | "M" | "先生";
    /// Female.
    Female: "女", "Female" | "F" | "女士";
});
words!(/// What a party is.
PartyKind {
    /// A natural person.
    Person: "个人", "Person" | "自然人";
    /// A company or other body.
    Company: "单位", "Company" | "公司" | "企业";
});
words!(/// How a person lives in or holds a unit.
Role {
    /// Owns it.
    Owner: "业主", "Owner" | "产权人";
    /// Leases it.
    Lessee: "承租人", "Lessee" | "租户" | "租客";
    /// Built it and has it until handover.
    Developer: "建设单位", "Developer" | "开发商" | "开发单位";
    /// Uses it otherwise.
    Occupant: "使用人", "Occupant" | "住户";
});
words!(/// Where a parking space is.
SpaceKind {
    /// On the ground.
    Ground: "地上停车位", "Ground" | "地上" | "地面" | "地面车位" | "地上车位";
    /// Below it.
    Underground: "地下停车位", "Underground" | "地下" | "地下车位";
});
words!(/// Whether a space was sold or is leased.
Tenure {
    /// Sold.
    Sold: "出售", "Sold" | "S" | "已售";
    /// Leased.
    Leased: "出租", "Leased" | "H" | "已租";
});
words!(/// The kind of a vehicle.
VehicleType {
    /// A private car.
    Car: "家用小汽车", "Car" | "9901" | "小汽车" | "轿车";
    /// A bus or coach.
    Bus: "客车", "Bus" | "9902";
    /// A lorry.
    Truck: "货车", "Truck" | "9903";
});
words!(/// Whether a fee comes again.
FeeKind {
    /// Every cycle.
    Recurring: "周期性费用", "Recurring" | "周期性";
    /// Once.
    OneTime: "一次性费用", "One-time" | "一次性";
});
words!(/// Whether a fee is paid before or after the time it is for.
PaymentTiming {
    /// Before.
    Prepaid: "预付费", "Prepaid";
    /// After.
    Postpaid: "后付费", "Postpaid";
});
words!(/// What kind of service a fee is for.
FeeType {
    /// The property fee.
    PropertyFee: "物业费", "Property fee" | "物业服务费" | "物业管理费";
    /// Parking.
    Parking: "车位费", "Parking" | "停车费" | "车位管理费" | "车位租金";
    /// Parking on common ground.
    CommonParking: "公共停车费", "Common parking" | "公共区域停车";
    /// Collected for a partner.
    PassThrough: "代收代付", "Pass-through" | "代收";
    /// Shared energy.
    SharedEnergy: "公摊能耗", "Shared energy" | "公摊" | "公摊费";
    /// Rubbish of a renovation.
    Rubbish: "垃圾清运费", "Rubbish" | "垃圾费";
    /// Made-to-order services.
    SpecialService: "特约服务", "Special service";
    /// The contractual late fee.
    LateFee: "违约金", "Late fee" | "滞纳金";
    /// Anything else.
    Other: "其他", "Other";
});
words!(/// For which use a fee holds.
FeeUse {
    /// A home.
    Home: "住宅", "Home" | "Residential";
    /// A shop.
    Shop: "商铺", "Shop";
    /// An office.
    Office: "办公", "Office";
    /// A parking space.
    Parking: "车位", "Parking space";
    /// Anything else.
    Other: "其他", "Other";
});
words!(/// What a part of a month costs.
Proration {
    /// Days over the days of the month.
    ActualDays: "按实际天数", "Actual days";
    /// By half months.
    HalfMonth: "按半月", "Half month";
    /// Whole months.
    FullMonth: "按整月", "Full month";
    /// Days over thirty.
    Fixed30: "按30天", "30 days";
});
