//! A roster file as a widespread older system makes it: codes as numbers, dates as text, legends
//! beside the data, one identity number for everybody, owners nobody lists.

use sheets::{Header, SheetError, Value, XlsxWriter};
use std::io::Cursor;

/// A sheet: its name, its headers, its rows with blanks between the cells, and from which row and
/// column on its legend stands.
struct Sheet {
    name: &'static str,
    headers: &'static str,
    rows: Vec<String>,
    legend: (usize, usize),
}

/// The file; every name and number in it is made up.
///
/// # Errors
/// When writing fails.
pub fn legacy_roster() -> Result<Vec<u8>, SheetError> {
    let mut writer = XlsxWriter::new();
    for sheet in sheets() {
        sheet.write(&mut writer)?;
    }
    let mut file = Cursor::new(Vec::new());
    writer.finish(&mut file)?;
    Ok(file.into_inner())
}

fn sheets() -> [Sheet; 5] {
    let entrances = (0..26).map(|n| format!("{} {} 33 有", n / 2 + 1, n % 2 + 1)).collect();
    // The phone of the first stands for `unknown`.
    let people = (1..=5).map(|n| {
        let phone = 18_999_999_990_u64 + if n == 1 { 9 } else { n - 1 };
        format!("{n} 张三{n} 男 18 {phone} 340100199001010017")
    });
    let fees = [
        "1 物业费 测试收费1 周期性费用 预付费 6 每月1日 2020-6-10 2037-1-1 1001 1.3 20",
        "2 物业费 测试收费2 周期性费用 预付费 3 每月1日 2020-6-10 2037-1-1 1001 1 20",
    ];
    let units = [1011, 1012, 1013, 1014, 1021, 1022, 1023, 1024].into_iter().zip(1..);
    let units = units.map(|(unit, n)| {
        let fees = match n {
            1 | 4 | 8 => "1#2 2020-06-10#2020-07-10",
            2 => "1 2020-06-10",
            _ => "2 2020-06-10",
        };
        format!("{unit} 1 1 {} 1010 94.56 {n} {fees}", (n - 1) / 4 + 1)
    });
    [
        Sheet {
            name: "楼栋单元",
            headers: "楼栋号 单元编号 总层数 是否有电梯",
            rows: entrances,
            legend: (4, 7),
        },
        Sheet {
            name: "业主信息",
            headers: "业主编号 业主名称 性别 年龄 手机号 身份证号",
            rows: people.collect(),
            legend: (8, 9),
        },
        Sheet {
            name: "费用设置",
            headers: "费用编号 费用类型 收费项目 费用标识 付费类型 缴费周期 出账类型 计费起始时间 \
                      计费结束时间 计算公式 计费单价 固定费用",
            rows: fees.map(str::to_owned).to_vec(),
            legend: (4, 14),
        },
        Sheet {
            name: "房屋信息",
            headers: "房屋编号 楼栋编号 单元编号 房屋楼层 房屋户型 建筑面积 业主编号 房屋费用 \
                      费用开始时间",
            rows: units.collect(),
            legend: (6, 11),
        },
        Sheet {
            name: "车位信息",
            headers: "停车场编号 车位编码 停车场类型 面积 业主编号 车牌号 车品牌 \
                      车类型（9901家用小汽车9902客车9903货车） 颜色 出租还是出售（H出租S出售）",
            rows: vec!["1 C0001 地上停车位 98.32".to_owned()],
            legend: (5, 11),
        },
    ]
}

impl Sheet {
    fn write(&self, writer: &mut XlsxWriter) -> Result<(), SheetError> {
        let headers: Vec<&str> = self.headers.split(' ').collect();
        let header = |text: &&str| Header { text: (*text).to_owned(), width: 14 };
        writer.sheet(self.name, &headers.iter().map(header).collect::<Vec<_>>())?;
        let (top, left) = self.legend;
        for at in 0..self.rows.len().max(top + headers.len()) {
            let row = self.rows.get(at).map(String::as_str).unwrap_or_default();
            let mut cells: Vec<Value> =
                row.split(' ').filter(|text| !text.is_empty()).map(cell).collect();
            if let Some(explained) = at.checked_sub(top).and_then(|at| headers.get(at)) {
                cells.resize(left, Value::Empty);
                cells.extend([Value::text(explained), Value::text("必填")]);
            }
            writer.row(&cells)?;
        }
        Ok(())
    }
}

/// Short numbers are numbers, everything else is text.
fn cell(text: &str) -> Value {
    match text.parse::<f64>() {
        Ok(_) if text.len() < 12 => Value::number(text),
        _ => Value::text(text),
    }
}
