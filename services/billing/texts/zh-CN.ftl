not_that_much_open = 账单未结清的金额不足
partner_of_pass_through = 代收项目必须填写合作方，其他项目不能填写
price_range = 单价应为每平方米 0 至 10000，价格或附加费应为 0 至 1000000
not_before_approval = 收费标准不能早于批准公示之日生效
proposer_cannot_approve = 提出收费标准的人不能审批
wrong_phase = 收费标准{ $phase }，不能进行此操作
phase_draft = 为草稿
phase_proposed = 待审批
phase_approved = 已批准
phase_effective = 已生效
phase_superseded = 已被替代
phase_withdrawn = 已撤回
standard_overlaps = 同一范围已有自 { $day } 起生效的收费标准
needed_by_formula = 该计算公式必须填写
not_used_by_formula = 该计算公式不使用此项
overlapping_payers = { $day } 有两个付费人
overlapping_standards = { $day } 有两个收费标准
negative_figure = 面积、单价或价格小于零
area_price = { $area } m² × { $rate } = { $monthly }
area_price_surcharge = { $area } m² × { $rate } + { $surcharge } = { $monthly }
unit_price = 每户每月 { $price }
space_price = 每车位每月 { $price }
part_of_month = { $whole };{ $monthly } × { $share } = { $part }
share_of_days = { $part }/{ $whole } 天
share_of_30_days = { $part }/{ $whole } 天(每月按 30 天)
share_of_month = { $part }/{ $whole } 月
sum_rounded = { $sum } → { $amount }
sum_remainder = { $sum };尾差承担:{ $total } − { $others } = { $amount }
sum_capped = { $sum };以剩余金额为限 → { $amount }
before_cut_over = { $month } 之前的月份不出账
year_ahead = 最多提前一年
doubt_no_payer = 本月无人付费
doubt_no_price = 没有适用的收费标准
doubt_zero_area = 面积为零，但适用按面积计费的标准
doubt_charged_otherwise = { $day } 已按其他方式出账，请作废原账单后重新出账
doubt_jump = 上月 { $before }，本月 { $now }
run_failed = 部分账单未能出账，详见日志
of_the_estate = 只能为项目设置，不能为单个账户设置
this_or = 此项与“{ $other }”须填且只填一项
unit_given_already = 已指定房屋
only_voided_again = 只有已作废的账单可以重新出账
issued_again = 该账单已重新出账
owes_nothing = 该账户在这些月份没有应收费用
bill_voided = 账单已作废
refund_first = 账单已收 { $paid }，请先退款
reversed_already = 该分录已冲销，或本身是冲销分录
designated_not_open = 指定的账单没有未结清金额
country_form = 应为两个大写字母，如 HK
no_platform_account = 本系统没有平台收款账户，请填写公司自己的密钥
key_refused = 支付平台不接受该密钥
must_begin = 应以 { $choices } 开头
amount_differs = 应收 { $expected }，实收 { $received }
refund_out_of_range = 付款 { $paid } 不能退 { $total }
second_person_needed = 收款人或退款申请人不能审批该退款
at_most = 必须大于零且不超过 { $most }
refund_decided = 该退款已作出决定
prepayment_used = 预收款已用于冲抵账单
receipt_void = 收据已作废
sequence_used_up = 编号已用完
bills_of_one_account = 必须是同一账户的账单
no_online_payments = 公司尚未开通在线收款
nothing_open = 这些账单没有未结清金额
must_be_below = 应为 { $address } 下的地址
not_at_the_counter = 前台不能收取在线款项
prepayment = 预收款
receivable = 应收款
refunded_outside = 在支付平台直接退款
bill_of_month = 账单 { $month }
bill_of_months = 账单 { $first } 至 { $last }
nobody_in_estate = 项目中没有此人
no_imported_prices = 该导入没有待批准的价格
import_not_stopped = 该导入并未中止
file_away = 暂时无法取得文件
file_unreadable = 导入的文件已不存在或无法读取
estate_unknown = 项目尚未就绪

# Late fees
late_fee_rate_range = 须在 0 与 0.01(即每日 1%)之间
late_fee_rate_high = 每日 { $percent }% 高于通常的 0.05%,法院可能予以调减
late_fee_cap_high = 本金 { $percent }% 的上限高于通常的 30%,法院可能予以调减
late_fee_rounded = { $sum } = { $exact },四舍五入为 { $amount }
late_fee_capped = { $sum } = { $exact },不超过上限 { $cap }
late_fee_of_month = 账单 { $month } 违约金
late_fee_of_months = 账单 { $first } 至 { $last } 违约金

# Receipts
taker_cannot_void = 收款人不能作废该笔款项的收据

# Waivers
waiver_second_person = 申请减免或收取该账单款项的人不能审批减免
waiver_decided = 该减免已有决定
waiver_not_granted = 该减免未获批准或已撤销

# Instalment plans
instalments_too_small = 每期不足 0.01
instalment_days = 须按先后排列且晚于今天
bill_in_plan = 账单在有效的分期计划中
plan_decided = 分期计划已有决定或已结束
plan_too_late = 首期日期已过
proposer_cannot_agree = 提出分期计划的人不能审批
