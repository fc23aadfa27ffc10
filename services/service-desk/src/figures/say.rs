//! The sentences and words of figures.

texts::catalogue! {
    in "/figures";
    pub(super) fn frozen_already(version: i64);
    pub(super) fn reason_for_version();
    pub(super) fn nobody();
    pub(super) fn nowhere();
    pub(super) fn sheet_figures();
    pub(super) fn sheet_tickets();
    pub(super) fn kind();
    pub(super) fn group();
    pub(super) fn opened();
    pub(super) fn handled();
    pub(super) fn handling_rate();
    pub(super) fn response_rate();
    pub(super) fn resolution_rate();
    pub(super) fn response_promised();
    pub(super) fn responded_on_time();
    pub(super) fn resolution_promised();
    pub(super) fn resolved_on_time();
    pub(super) fn first_contact();
    pub(super) fn open();
    pub(super) fn open_day();
    pub(super) fn open_three();
    pub(super) fn open_seven();
    pub(super) fn open_thirty();
    pub(super) fn open_longer();
    pub(super) fn reference();
    pub(super) fn class();
    pub(super) fn officer();
    pub(super) fn building();
    pub(super) fn opened_at();
    pub(super) fn respond_by();
    pub(super) fn responded_at();
    pub(super) fn resolve_by();
    pub(super) fn resolved_at();
    pub(super) fn kind_contact();
    pub(super) fn kind_revisit();
    pub(super) fn kind_work_order();
    pub(super) fn kind_complaint();
    pub(super) fn kind_special_order();
    pub(super) fn kind_call_back();
    pub(super) fn kind_memo();
}
