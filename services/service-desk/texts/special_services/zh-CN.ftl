no_price_list = 该服务没有现行价目，无价目不收费
wrong_state = 服务单状态为“{ $state }”，不能进行此操作
state_requested = 已申请
state_quoted = 已报价
state_confirmed = 已确认
state_scheduled = 已排期
state_in_progress = 服务中
state_done = 已完工
state_disputed = 有异议
state_accepted = 已验收
state_paid = 已支付
state_revisited = 已回访
state_closed = 已关闭
state_cancelled = 已取消
rework_term_over = 免费返工期已过，请重新下单
belongs_to_unit = 当前属于该房屋的人员
time_of_day = 时刻，例如 20:00
labour_fixed = 人工费 { $price } × { $quantity } = { $amount }
labour_fixed_surcharged = 人工费 { $price } × { $quantity } × { $factor }（夜间或节假日）= { $amount }
labour_hourly = { $workers } 人 × { $hours } 小时 × { $price } = { $amount }
labour_hourly_surcharged = { $workers } 人 × { $hours } 小时 × { $price } × { $factor }（夜间或节假日）= { $amount }
package_discount = 人工费套餐优惠 { $percent }%：{ $amount }
material = { $name }：{ $price } × { $quantity } = { $amount }
cancelled_late = { $name }，预约前不足 2 小时取消
charge_not_rejected = 计费未拒绝该服务单的收费
letter_quoted_title = 您的特约服务已报价
letter_quoted = { $name } 报价 { $total } 元，请在业主端确认，确认后方可施工。
