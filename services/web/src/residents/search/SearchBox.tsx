import { SearchOutlined } from "@ant-design/icons";
import { useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useQuery } from "urql";
import { useEstate } from "@/console/rights";
import { failureOf } from "@/graph/failure";
import { SearchDocument, type SearchQuery } from "@/graph/generated";
import { useFailureText } from "@/session/failure";
import css from "./SearchBox.module.css";
import { useSettled } from "./settled";

type Hit = NonNullable<SearchQuery["search"]>["nodes"][number];

/** The one box for everything: `/` focuses it, arrows and Enter choose, one request answers. */
export function SearchBox() {
  const { t } = useTranslation("search");
  const estate = useEstate();
  const navigate = useNavigate();
  const input = useRef<HTMLInputElement>(null);
  const list = useId();
  const [typed, setTyped] = useState("");
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(0);
  const found = useHits(typed, estate.id);
  const { text, hits, ready } = found;
  const shown = open && text !== "";
  const setEager = useEager(ready, () => choose(hits[0]));
  useSlash(input);

  const choose = (hit: Hit | undefined) => {
    if (!hit) return;
    setOpen(false);
    setEager(false);
    setTyped("");
    input.current?.blur();
    navigate(`/e/${estate.code}/units/${hit.unit.id}`);
  };
  const onKey = (key: string): boolean => {
    const last = hits.length - 1;
    if (key === "ArrowDown") setActive(now => Math.min(now + 1, last));
    else if (key === "ArrowUp") setActive(now => Math.max(now - 1, 0));
    else if (key === "Escape") shown ? setOpen(false) : input.current?.blur();
    else if (key !== "Enter") return false;
    else if (ready) choose(hits[active]);
    // Enter came before the answer: what is found first is chosen once it is there.
    else setEager(typed.trim() !== "");
    return true;
  };

  return (
    <search className={css.search}>
      <SearchOutlined className={css.icon} aria-hidden />
      <input
        ref={input}
        className={css.input}
        role="combobox"
        aria-label={t("label")}
        aria-expanded={shown}
        aria-controls={list}
        aria-autocomplete="list"
        aria-activedescendant={shown && hits[active] ? `${list}-${active}` : undefined}
        placeholder={t("placeholder")}
        autoComplete="off"
        spellCheck={false}
        maxLength={60}
        value={typed}
        onChange={event => {
          setTyped(event.target.value);
          setActive(0);
          setEager(false);
          setOpen(true);
        }}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={event => {
          if (!event.nativeEvent.isComposing && onKey(event.key)) event.preventDefault();
        }}
      />
      <kbd className={css.key} title={t("shortcut")} aria-hidden>
        /
      </kbd>
      <Results
        id={list}
        open={shown}
        found={found}
        active={active}
        onPoint={setActive}
        onChoose={choose}
      />
    </search>
  );
}

/** What is found for a text, once it is no longer being typed. */
function useHits(typed: string, estateId: string) {
  const text = useSettled(typed.trim());
  const [answer] = useQuery({
    query: SearchDocument,
    variables: { text, estateId },
    pause: text === "",
    requestPolicy: "network-only",
  });
  const answered = !answer.fetching && answer.operation?.variables.text === text;
  const found = answer.data?.search;
  return {
    text,
    hits: text === "" ? [] : (found?.nodes ?? []),
    /** Whether this is the answer to what stands in the box. */
    ready: text !== "" && text === typed.trim() && answered,
    more: found?.pageInfo.hasNextPage ?? false,
    fetching: answer.fetching,
    failure: failureOf(answer.error),
  };
}

/** Says that somebody did not wait for the answer: it is acted on once it is there. */
function useEager(ready: boolean, act: () => void): (eager: boolean) => void {
  const [eager, setEager] = useState(false);
  useEffect(() => {
    if (!eager || !ready) return;
    setEager(false);
    act();
  });
  return setEager;
}

type ResultsProps = {
  id: string;
  open: boolean;
  found: ReturnType<typeof useHits>;
  active: number;
  onPoint: (index: number) => void;
  onChoose: (hit: Hit) => void;
};

function Results(props: ResultsProps) {
  const { t } = useTranslation("search");
  const failureText = useFailureText();
  const { text, hits, more, fetching, failure } = props.found;
  const said = () => {
    if (failure) return failureText(failure);
    if (hits.length === 0) return fetching ? "…" : t("none", { text });
    return more ? t("more") : undefined;
  };
  const note = said();
  return (
    <div className={css.popup} hidden={!props.open}>
      <div id={props.id} role="listbox" aria-label={t("label")}>
        {hits.map((hit, index) => (
          <div
            key={hit.unit.id}
            id={`${props.id}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === props.active}
            className={css.hit}
            onMouseEnter={() => props.onPoint(index)}
            // Before the input loses the focus, which closes the list.
            onMouseDown={event => {
              event.preventDefault();
              props.onChoose(hit);
            }}
          >
            <span className={css.unit}>{hit.unit.label}</span>
            <span className={css.person}>
              {hit.person?.name} <span className="figure">{hit.person?.phone}</span>
            </span>
            <span className={css.matched}>{t(`matched.${hit.matched}`)}</span>
          </div>
        ))}
      </div>
      {note && <p className={css.note}>{note}</p>}
      <span className="visually-hidden" role="status">
        {props.open && !fetching && hits.length > 0 ? t("results", { count: hits.length }) : ""}
      </span>
    </div>
  );
}

/** Focuses the box on `/`, unless somebody is typing. */
function useSlash(input: React.RefObject<HTMLInputElement | null>) {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const typing = (event.target as Element).closest?.(
        "input, textarea, select, [contenteditable]",
      );
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || typing) return;
      event.preventDefault();
      input.current?.focus();
      input.current?.select();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [input]);
}
