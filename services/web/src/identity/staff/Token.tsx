import { Modal, Typography } from "antd";
import { useTranslation } from "react-i18next";

type Props = { made: { name: string; token: string } | undefined; onClose: () => void };

/** A one-time token, shown this once. */
export function Token({ made, onClose }: Props) {
  const { t } = useTranslation("staff");
  const { t: shell } = useTranslation("shell");
  return (
    <Modal
      title={t("tokenTitle")}
      open={made !== undefined}
      onCancel={onClose}
      onOk={onClose}
      okText={shell("close")}
      cancelButtonProps={{ hidden: true }}
      mask={{ closable: false }}
      width={480}
    >
      <p>{t("tokenNote", { name: made?.name ?? "" })}</p>
      <Typography.Paragraph code copyable>
        {made?.token}
      </Typography.Paragraph>
    </Modal>
  );
}
