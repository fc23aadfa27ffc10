import session from "@/session/texts";
import myBills from "./bills/texts";
import entry from "./entry/texts";
import frame from "./frame/texts";
import me from "./me/texts";
import owed from "./owed/texts";
import myPayments from "./payments/texts";

/** The words of the resident app, one namespace a feature. */
export const homeTexts = { session, frame, entry, owed, myBills, myPayments, me };
