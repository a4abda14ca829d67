//! The words by which files say what became of an order.

/// Words, folded, and the status that each means.
const WORDS: &[(&str, &[&str])] = &[
    (
        "completed",
        &[
            "completed", "complete", "paid", "fulfilled", "shipped", "delivered", "closed", "done", "finished", "success",
            "successful", "succeeded", "settled", "captured", "invoiced", "sold", "approved", "ok", "active", "final",
            "abgeschlossen", "bezahlt", "geliefert", "versendet", "versandt", "erledigt", "fertig", "zugestellt",
            "termine", "terminee", "paye", "payee", "livre", "livree", "expediee", "completado", "completada", "pagado", "pagada",
            "entregado", "enviado", "completato", "pagato", "consegnato", "spedito", "concluido", "pago", "entregue",
            "voltooid", "betaald", "geleverd", "verzonden",
        ],
    ),
    (
        "open",
        &[
            "open", "pending", "processing", "in process", "in progress", "new", "unpaid", "authorized", "authorised", "unfulfilled",
            "partial", "partially paid", "partially fulfilled", "on hold", "hold", "awaiting payment", "created", "draft", "confirmed", "placed",
            "offen", "in bearbeitung", "neu", "unbezahlt", "en cours", "en attente", "nouveau", "ouvert", "pendiente", "en proceso", "abierto",
            "in attesa", "aperto", "pendente", "aberto", "in behandeling",
        ],
    ),
    (
        "returned",
        &[
            "returned", "return", "refunded", "refund", "partially refunded", "partially returned", "chargeback", "charged back", "reversed", "credited", "credit", "credit note",
            "retourniert", "retoure", "erstattet", "zuruckgesendet", "gutschrift", "rembourse", "remboursee", "retourne", "retour",
            "devuelto", "reembolsado", "restituito", "rimborsato", "devolvido", "geretourneerd", "terugbetaald",
        ],
    ),
    (
        "cancelled",
        &[
            "cancelled", "canceled", "cancel", "void", "voided", "failed", "declined", "rejected", "expired", "abandoned", "deleted", "error",
            "storniert", "storno", "abgebrochen", "abgelehnt", "annule", "annulee", "cancelado", "cancelada", "anulado", "annullato", "annullata",
            "geannuleerd",
        ],
    ),
];

/// The status that a word means; nothing for an unknown one.
pub(super) fn status(text: &str) -> Option<&'static str> {
    let word = kernel::fold::words(text).join(" ");
    WORDS.iter().find(|(_, words)| words.contains(&word.as_str())).map(|(status, _)| *status)
}

#[cfg(test)]
mod tests {
    use super::status;

    #[test]
    fn words_of_many_shops_are_understood() {
        assert_eq!(status("Cancelled"), Some("cancelled"));
        assert_eq!(status("PARTIALLY_REFUNDED"), Some("returned"));
        assert_eq!(status(" Annulé "), Some("cancelled"));
        assert_eq!(status("in Bearbeitung"), Some("open"));
        assert_eq!(status("gift"), None);
    }
}
