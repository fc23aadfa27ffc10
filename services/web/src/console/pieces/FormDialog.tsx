import { Alert, Form, type FormInstance, Input, Modal } from "antd";
import { type ReactNode, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { isFailure } from "@/graph/failure";
import { useFailureText } from "@/session/failure";
import css from "./FormDialog.module.css";

type Props<Values> = {
  title: string;
  open: boolean;
  onClose: () => void;
  /** Does it; a `Failure` it throws is shown at its field, or above the form. */
  onSubmit: (values: Values) => Promise<void>;
  submit?: string;
  danger?: boolean;
  /** What was asked for is shown by the caller, who closes. */
  staysOpen?: boolean;
  width?: number;
  form?: FormInstance<Values>;
  initial?: Partial<Values>;
  children: ReactNode;
};

/** What is typed into or chosen from: the first one has the focus. */
const FIELD = "input:not([type=checkbox], [type=radio]), textarea";

/** The one way to ask for input: a dialog that closes when what it does is done. */
export function FormDialog<Values extends object>(props: Props<Values>) {
  const { t } = useTranslation("shell");
  const [own] = Form.useForm<Values>();
  const form = props.form ?? own;
  const { busy, failure, finish, clear } = useSubmission(form, props.onSubmit);
  const fields = useRef<HTMLDivElement>(null);
  const close = () => {
    clear();
    props.onClose();
  };
  return (
    <Modal
      title={props.title}
      open={props.open}
      width={props.width ?? 480}
      onCancel={close}
      onOk={form.submit}
      okText={props.submit ?? t("confirm")}
      cancelText={t("cancel")}
      okButtonProps={{ loading: busy, danger: props.danger ?? false }}
      mask={{ closable: false }}
      destroyOnHidden
      afterOpenChange={open => open && fields.current?.querySelector<HTMLElement>(FIELD)?.focus()}
    >
      <Form
        form={form}
        className={css.form ?? ""}
        layout="vertical"
        initialValues={props.initial ?? {}}
        preserve={false}
        requiredMark={false}
        onFinish={async values => {
          if ((await finish(values)) && !props.staysOpen) close();
        }}
      >
        {failure && (
          <Form.Item>
            <Alert type="error" showIcon title={failure} role="alert" />
          </Form.Item>
        )}
        <div ref={fields}>{props.children}</div>
        {/* Enter submits a form of several fields only when it has a button of its own. */}
        <button type="submit" hidden>
          {props.submit ?? t("confirm")}
        </button>
      </Form>
    </Modal>
  );
}

/** Submits a form, and puts a refusal where it belongs. */
export function useSubmission<Values extends object>(
  form: FormInstance<Values>,
  submit: (values: Values) => Promise<void>,
) {
  const text = useFailureText();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string>();
  const finish = async (values: Values): Promise<boolean> => {
    setBusy(true);
    setFailure(undefined);
    try {
      await submit(values);
      return true;
    } catch (thrown) {
      if (!isFailure(thrown)) throw thrown;
      const field = thrown.field;
      const known = field !== undefined && Object.keys(form.getFieldsValue()).includes(field);
      if (known) form.setFields([{ name: field as never, errors: [text(thrown)] }]);
      else setFailure(text(thrown));
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { busy, failure, finish, clear: () => setFailure(undefined) };
}

/** A field that must be filled in. */
export function useRequired() {
  const { t } = useTranslation("shell");
  return { required: true, whitespace: true, message: t("required") };
}

/** Why somebody does it: asked wherever the act keeps a reason. */
export function ReasonField() {
  const { t } = useTranslation("shell");
  const required = useRequired();
  return (
    <Form.Item name="reason" label={t("reason")} rules={[required]} extra={t("reasonHint")}>
      <Input.TextArea rows={2} maxLength={200} showCount />
    </Form.Item>
  );
}
