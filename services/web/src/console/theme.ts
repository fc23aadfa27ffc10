import type { ThemeConfig } from "antd";

/** Our colours and sizes. Greys are darker than Ant Design's, so that small text has 4.5:1. */
export const theme: ThemeConfig = {
  token: {
    colorPrimary: "#0e5a50",
    // The palette made from so dark a green is grey; these are the tints of it that we mean.
    colorPrimaryHover: "#14786a",
    colorPrimaryActive: "#0a453d",
    colorPrimaryBg: "#e2efec",
    colorPrimaryBgHover: "#cfe4df",
    colorPrimaryBorder: "#8fc0b5",
    controlItemBgActive: "#e2efec",
    controlOutline: "#cfe4df",
    colorErrorBg: "#fdeceb",
    colorErrorBorder: "#f0b9b5",
    colorInfoBg: "#e8f1fb",
    colorInfoBorder: "#b3d1f0",
    colorWarningBg: "#fdf3df",
    colorWarningBorder: "#ecd29a",
    colorLink: "#0e5a50",
    colorLinkHover: "#0a8573",
    colorInfo: "#0b5cad",
    colorSuccess: "#1c7440",
    colorWarning: "#955700",
    colorError: "#b3261e",
    colorText: "#1b2624",
    colorTextSecondary: "#4c5955",
    colorTextTertiary: "#56635f",
    colorTextQuaternary: "#626e6a",
    colorTextPlaceholder: "#66726e",
    colorTextDescription: "#56635f",
    colorBorder: "#c3ccc8",
    colorBorderSecondary: "#e3e8e6",
    colorBgLayout: "#f4f6f5",
    borderRadius: 6,
    // Who asked their system for less movement gets none.
    motion: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    fontFamily:
      '-apple-system, BlinkMacSystemFont, "PingFang SC", "Hiragino Sans GB", "Noto Sans CJK SC", "Microsoft YaHei", "Segoe UI", sans-serif',
  },
  components: {
    Table: {
      cellPaddingBlockMD: 9,
      cellPaddingInlineMD: 12,
      headerSplitColor: "transparent",
      headerBg: "#f7f9f8",
      headerColor: "#4c5955",
    },
    Menu: { itemHeight: 38, itemSelectedBg: "#e2efec", itemSelectedColor: "#0e5a50" },
    Descriptions: { labelColor: "#56635f" },
    Progress: { defaultColor: "#0e5a50" },
  },
};
