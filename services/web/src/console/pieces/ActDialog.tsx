import { App } from "antd";
import type { ReactNode } from "react";
import { FormDialog, ReasonField } from "./FormDialog";

type Props = {
  title: string;
  submit: string;
  /** Said when it is done. */
  done: string;
  /** Does it, with the reason where one is asked for; empty where none is. */
  act: (reason: string) => Promise<unknown>;
  onClose: () => void;
  danger?: boolean;
  asksReason?: boolean;
  children?: ReactNode;
};

/** One last look before something is done that needs no more than a yes, or a reason. */
export function ActDialog(props: Props) {
  const { message } = App.useApp();
  return (
    <FormDialog<{ reason?: string }>
      title={props.title}
      open
      danger={props.danger ?? false}
      submit={props.submit}
      onClose={props.onClose}
      onSubmit={async ({ reason = "" }) => {
        await props.act(reason);
        message.success(props.done);
      }}
    >
      {props.children}
      {props.asksReason && <ReasonField />}
    </FormDialog>
  );
}
