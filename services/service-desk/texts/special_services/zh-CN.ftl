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
appointment_passed = 预约时间已过，请重新报价
charged_already = 该服务单已计费，退款请由收费处办理
worker_does_not_answer = 施工人员不得代录验收意见
pricer_does_not_confirm = 报价人和施工人员不得代录对报价的确认
picture_of_signature = 须为本服务单的附件图片，未被移除，且不是施工前的照片
letter_done_title = 您的特约服务已完工
letter_done = { $name } 已完工，请验收或说明问题；{ $days } 天内未提出异议的，视为验收通过。
letter_ended_title = 您的特约服务有变动
letter_ended = { $name } 现为“{ $state }”：{ $reason }
letter_answer_title = 您对特约服务的答复
letter_confirmed = 已登记您同意 { $name } 报价 { $total } 元；如有误请致电客服中心。
letter_accepted = 已登记您验收 { $name }，费用 { $total } 元；如有误请致电客服中心。
letter_silence = { $name } 完工已满 { $days } 天且无人提出异议，视为验收通过；如有误请致电客服中心。
letter_disputed = 已登记您对 { $name } 有异议，将安排返工；如有误请致电客服中心。
at_most = 0 至 { $price } 元
