//! The signature on completed work, through the graph.

use super::{
    tests::{go, order_of},
    told_tests::begun,
};
use crate::{
    attachments::tests::{ask, uploaded},
    testing::Stage,
};
use serde_json::{Value, json};
use testkit::run;

#[test]
fn the_signature_is_a_picture_attached_to_this_very_order() {
    run(async {
        let stage = Stage::new().await;
        let (order, _) = begun(&stage, "6-1-0204", "signed-001").await;
        let (other, _) = begun(&stage, "6-1-0205", "signed-002").await;
        let engineer = &stage.engineer;
        let picture = async |parent: &Value, name: &str, bytes: &[u8], stage_word: &str| {
            let file = uploaded(&stage, engineer, name, bytes).await;
            let text = "mutation($input: AttachInput!) { attach(input: $input) { attachment {
                id } } }";
            let input = json!({ "parentId": parent["id"], "fileId": file, "stage": stage_word,
                "idempotencyKey": stage.id().to_string() });
            let done = engineer.send("service-desk", text, json!({ "input": input })).await;
            done.ok()["attach"]["attachment"]["id"].take()
        };
        let jpeg = b"\xFF\xD8\xFFsignature";
        let complete = async |attachment: &Value| {
            let signed = json!({ "signatureName": "王芳", "signatureAttachmentId": attachment });
            go(engineer, &order, "completeWorkOrder", signed).await
        };
        let foreign = picture(&other, "签名.jpg", jpeg, "OTHER").await;
        assert_eq!(complete(&foreign).await.code(), "NOT_FOUND");
        let nothing = json!("att_00000000000000000000000000000007");
        assert_eq!(complete(&nothing).await.code(), "NOT_FOUND");
        let nonsense = complete(&json!("签名")).await;
        assert_eq!((nonsense.code(), nonsense.field()), ("INVALID", "signatureAttachmentId"));
        for wrong in [
            picture(&order, "签名.pdf", b"%PDF-1.7 signature", "OTHER").await,
            picture(&order, "现场.jpg", jpeg, "BEFORE").await,
        ] {
            let refused = complete(&wrong).await;
            assert_eq!((refused.code(), refused.field()), ("INVALID", "signatureAttachmentId"));
        }
        let gone = picture(&order, "签名.jpg", jpeg, "AFTER").await;
        let text = "mutation($input: RemoveAttachmentInput!) { removeAttachment(input: $input) {
            attachment { id } } }";
        let input = json!({ "input": { "attachmentId": gone, "reason": "拍糊了" } });
        engineer.send("service-desk", text, input).await.ok();
        assert_eq!(complete(&gone).await.code(), "NOT_FOUND");
        let signature = picture(&order, "签名.jpg", jpeg, "AFTER").await;
        let done = order_of(complete(&signature).await);
        assert_eq!(
            (&done["state"], &done["signature"]["attachmentId"]),
            (&json!("DONE"), &signature)
        );
        // Who may not see the order does not see the picture either.
        let strangers = Stage::new().await;
        assert_eq!(ask(&strangers.desk, &order["id"]).await.code(), "NOT_FOUND");
    });
}
