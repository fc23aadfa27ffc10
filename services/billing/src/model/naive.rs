//! The model: plain numbers per debtor, and bills in a list. It knows nothing of entries.

/// A bill as the model sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bill {
    pub debtor: usize,
    /// Which day it falls due; of one day the earlier bill comes first.
    pub due: i64,
    pub total: i64,
    /// What payments have brought, per payment.
    pub paid: Vec<(usize, i64)>,
    pub prepaid: i64,
    pub waived: i64,
    pub void: bool,
}

impl Bill {
    pub fn settled(&self) -> i64 {
        self.paid.iter().map(|(_, amount)| amount).sum::<i64>() + self.prepaid + self.waived
    }

    pub fn open(&self) -> i64 {
        if self.void { 0 } else { self.total - self.settled() }
    }
}

/// A payment as the model sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Payment {
    pub debtor: usize,
    pub amount: i64,
    pub refunded: i64,
    /// The bills it met, in order.
    pub bills: Vec<usize>,
    pub ahead: i64,
    pub ahead_refunded: i64,
}

/// Everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Naive {
    pub ahead: Vec<i64>,
    pub deposits: Vec<i64>,
    pub bills: Vec<Bill>,
    pub payments: Vec<Payment>,
    /// Money in the tills, whichever.
    pub money: i64,
    pub earned: i64,
    pub waived: i64,
    /// What of deposits was kept for good.
    pub kept: i64,
}

impl Naive {
    pub fn new(debtors: usize) -> Self {
        Self { ahead: vec![0; debtors], deposits: vec![0; debtors], ..Self::default() }
    }

    /// What a debtor owes.
    pub fn owed(&self, debtor: usize) -> i64 {
        self.of(debtor).iter().map(|bill| self.bills[*bill].open()).sum()
    }

    fn of(&self, debtor: usize) -> Vec<usize> {
        (0..self.bills.len()).filter(|n| self.bills[*n].debtor == debtor).collect()
    }

    /// A debtor's bills of which something is open, in the order in which money meets them.
    pub fn open_of(&self, debtor: usize) -> Vec<usize> {
        let mut open = self.of(debtor);
        open.retain(|bill| self.bills[*bill].open() > 0);
        open.sort_by_key(|bill| (self.bills[*bill].due, *bill));
        open
    }

    pub fn charge(&mut self, debtor: usize, due: i64, total: i64) -> usize {
        let bill =
            Bill { debtor, due, total, paid: Vec::new(), prepaid: 0, waived: 0, void: false };
        self.bills.push(bill);
        self.earned += total;
        self.bills.len() - 1
    }

    /// Money comes in: first for the designated bills in the order named, then for the oldest due,
    /// the rest ahead.
    pub fn pay(&mut self, debtor: usize, amount: i64, designated: &[usize]) -> usize {
        let number = self.payments.len();
        let mut others = self.open_of(debtor);
        others.retain(|bill| !designated.contains(bill));
        let order = [designated, &others].concat();
        let mut left = amount;
        let mut bills = Vec::new();
        for bill in order {
            let part = left.min(self.bills[bill].open());
            if part > 0 {
                self.bills[bill].paid.push((number, part));
                bills.push(bill);
                left -= part;
            }
        }
        self.ahead[debtor] += left;
        self.money += amount;
        self.payments.push(Payment {
            debtor,
            amount,
            refunded: 0,
            bills,
            ahead: left,
            ahead_refunded: 0,
        });
        number
    }

    /// What a payment has brought to a bill and not taken back.
    pub fn part(&self, payment: usize, bill: usize) -> i64 {
        let paid = self.bills[bill].paid.iter();
        paid.filter(|(of, _)| *of == payment).map(|(_, amount)| amount).sum()
    }

    /// How much of a payment can go back: what is still on bills, and what is still there of ahead.
    pub fn refundable(&self, payment: usize) -> i64 {
        let it = &self.payments[payment];
        let parts: i64 = it.bills.iter().map(|bill| self.part(payment, *bill)).sum();
        parts + (it.ahead - it.ahead_refunded).min(self.ahead[it.debtor])
    }

    /// Money goes back: first what was paid ahead, then bills in the reverse order.
    pub fn refund(&mut self, payment: usize, amount: i64) {
        let Payment { debtor, ahead, ahead_refunded, bills, .. } = self.payments[payment].clone();
        let from_ahead = amount.min(ahead - ahead_refunded).min(self.ahead[debtor]);
        self.ahead[debtor] -= from_ahead;
        self.payments[payment].ahead_refunded += from_ahead;
        let mut left = amount - from_ahead;
        for bill in bills.into_iter().rev() {
            let part = left.min(self.part(payment, bill));
            if part > 0 {
                self.bills[bill].paid.push((payment, -part));
                left -= part;
            }
        }
        assert_eq!(left, 0, "the model was asked for more than there is");
        self.payments[payment].refunded += amount;
        self.money -= amount;
    }

    /// What was paid ahead meets open bills.
    pub fn apply(&mut self, debtor: usize) {
        for bill in self.open_of(debtor) {
            let part = self.ahead[debtor].min(self.bills[bill].open());
            self.bills[bill].prepaid += part;
            self.ahead[debtor] -= part;
        }
    }

    pub fn waive(&mut self, bill: usize, amount: i64) {
        self.bills[bill].waived += amount;
        self.waived += amount;
    }

    /// A waiver is undone: so much is owed again.
    pub fn unwaive(&mut self, bill: usize, amount: i64) {
        self.waive(bill, -amount);
    }

    /// Whether a bill can be undone: no payment stands on it.
    pub fn can_void(&self, bill: usize) -> bool {
        let it = &self.bills[bill];
        !it.void && it.paid.iter().map(|(_, amount)| amount).sum::<i64>() == 0
    }

    /// A wrong bill is undone with its waivers; what was paid ahead for it is ahead again.
    pub fn void(&mut self, bill: usize) {
        let debtor = self.bills[bill].debtor;
        self.unwaive(bill, self.bills[bill].waived);
        self.ahead[debtor] += self.bills[bill].prepaid;
        self.earned -= self.bills[bill].total;
        self.bills[bill].prepaid = 0;
        self.bills[bill].void = true;
    }

    pub fn deposit(&mut self, debtor: usize, amount: i64) {
        self.deposits[debtor] += amount;
        self.money += amount;
    }

    /// A part of a deposit is kept for good.
    pub fn keep_of_deposit(&mut self, debtor: usize, amount: i64) {
        self.deposits[debtor] -= amount;
        self.kept += amount;
    }
}
