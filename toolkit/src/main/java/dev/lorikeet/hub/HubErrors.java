package dev.lorikeet.hub;

import java.net.URI;

/** Explains in a sentence why the hub refused a request, and what to do. */
record HubErrors(Http http, URI endpoint, boolean hasToken) {

    /** @param what the repository, and the file if there is one */
    DownloadException explain(RefusedException refusal, Repository repository, String what) {
        HubResponse response = refusal.response();
        if (!http.isHub(response.address())) {
            return new DownloadException(
                    "%s: %s, to which %s redirects, refused it: %s. Try again later."
                            .formatted(what, response.address().getHost(), endpoint, refusal.getMessage()),
                    refusal);
        }
        return new DownloadException(what + ": " + reason(refusal, repository), refusal);
    }

    static boolean isNoSuchFile(RefusedException refusal) {
        return code(refusal.response()).equals("EntryNotFound");
    }

    private String reason(RefusedException refusal, Repository repository) {
        HubResponse response = refusal.response();
        String page = endpoint + "/" + repository.path();
        boolean denied = response.status() == 401 || response.status() == 403;
        if (code(response).equals("RevisionNotFound")) {
            return "the repository has no branch, tag or commit \"%s\"; those it has are listed at %s/tree/main."
                    .formatted(repository.revision(), page);
        }
        if (code(response).equals("RepoNotFound")) {
            return "there is no such %s on %s, or it is private. Check its name; for a private one %s."
                    .formatted(
                            repository.type() == Repository.RepoType.MODEL ? "model" : "data set", endpoint, token());
        }
        if (code(response).equals("GatedRepo")) {
            return "its licence must be accepted first. Sign in at %s, accept it, and %s.".formatted(page, token());
        }
        if (denied) {
            return "%s does not allow it (%s%s). Check its name, accept the licence at %s if it asks for that, and %s."
                    .formatted(endpoint, refusal.getMessage(), said(response), page, token());
        }
        return "%s did not give it: %s%s.".formatted(endpoint, refusal.getMessage(), said(response));
    }

    private String token() {
        return hasToken
                ? "see that the token in HF_TOKEN is of an account that may read it"
                : "set HF_TOKEN to a token of an account that may read it";
    }

    private static String code(HubResponse response) {
        return response.header("X-Error-Code").orElse("");
    }

    private static String said(HubResponse response) {
        return response.header("X-Error-Message").map(message -> ": " + message).orElse("");
    }
}
