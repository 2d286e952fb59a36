package dev.lorikeet.hub;

import java.net.URI;

/** Says in a sentence why the hub refused a file and what to do about it. */
record HubErrors(Http http, URI endpoint, boolean hasToken) {

    /** @param what the repository and, where it was one, the file */
    DownloadException explain(RefusedException refusal, Repository repository, String what) {
        HubResponse answer = refusal.answer();
        if (!http.isHub(answer.address())) {
            return new DownloadException(
                    "%s: %s, to which %s redirects, refuses it: %s. Try again later."
                            .formatted(what, answer.address().getHost(), endpoint, refusal.getMessage()),
                    refusal);
        }
        return new DownloadException(what + ": " + reason(refusal, repository), refusal);
    }

    static boolean isNoSuchFile(RefusedException refusal) {
        return code(refusal.answer()).equals("EntryNotFound");
    }

    private String reason(RefusedException refusal, Repository repository) {
        HubResponse answer = refusal.answer();
        String page = endpoint + "/" + repository.path();
        boolean denied = answer.status() == 401 || answer.status() == 403;
        if (code(answer).equals("RevisionNotFound")) {
            return "the repository has no branch, tag or commit \"%s\"; those it has are listed at %s/tree/main."
                    .formatted(repository.revision(), page);
        }
        if (code(answer).equals("RepoNotFound")) {
            return "there is no such %s on %s, or it is private. Check its name; for a private one %s."
                    .formatted(repository.kind() == Repository.Kind.MODEL ? "model" : "data set", endpoint, token());
        }
        if (code(answer).equals("GatedRepo")) {
            return "its licence must be accepted first. Sign in at %s, accept it, and %s.".formatted(page, token());
        }
        if (denied) {
            return "%s does not allow it (%s%s). Check its name, accept the licence at %s if it asks for that, and %s."
                    .formatted(endpoint, refusal.getMessage(), said(answer), page, token());
        }
        return "%s did not give it: %s%s.".formatted(endpoint, refusal.getMessage(), said(answer));
    }

    private String token() {
        return hasToken
                ? "see that the token in HF_TOKEN is of an account that may read it"
                : "set HF_TOKEN to a token of an account that may read it";
    }

    private static String code(HubResponse answer) {
        return answer.header("X-Error-Code").orElse("");
    }

    private static String said(HubResponse answer) {
        return answer.header("X-Error-Message").map(message -> ": " + message).orElse("");
    }
}
