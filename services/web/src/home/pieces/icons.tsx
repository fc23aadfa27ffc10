//! The few drawings of the app: lines in the colour of the text, nothing for a screen reader.

const DRAWINGS = {
  owed: "M6 3h12v18l-3-2-3 2-3-2-3 2zM9 8h6M9 12h6",
  history: "M12 7v5l3 2M4.6 9a8 8 0 1 1-.6 3M4 5v4h4",
  me: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5a7.5 7.5 0 0 1 15 0",
  forward: "M9 5l7 7-7 7",
  back: "M15 5l-7 7 7 7",
  done: "M5 12.5l4.5 4.5L19 7.5",
  failed: "M6 6l12 12M18 6L6 18",
} as const;

export type Drawing = keyof typeof DRAWINGS;

/** One of the drawings. */
export function Icon({ of, size = 24 }: { of: Drawing; size?: number }) {
  return (
    <svg
      viewBox="0 0 24 24"
      width={size}
      height={size}
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={DRAWINGS[of]} />
    </svg>
  );
}
