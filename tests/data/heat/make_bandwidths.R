# Bandwidths by spatstat on the points of references.json, for tests/unit/bandwidth_test.cpp: Rscript make_bandwidths.R > bandwidths.json (spatstat.explore 3.0-6). All weights are 1.
# Likelihoods are those of bw.ppl at given bandwidths (the sum of logarithms alone: shortcut), its choice is for the points drawn together around three places; Abramson's are those of bw.abram with the same pilot, untrimmed.
suppressMessages(library(spatstat.explore))
text <- paste(readLines("references.json"), collapse = "")
body <- regmatches(text, regexpr('"points": \\[[^a-z]*\\]', text))
points <- matrix(as.numeric(regmatches(body, gregexpr("-?[0-9.]+(e-?[0-9]+)?", body))[[1]]), ncol = 2, byrow = TRUE)
window <- owin(poly = list(x = c(0, 6000, 6000, 2500, 2500, 0), y = c(0, 0, 2000, 2000, 5000, 5000)))
pattern <- ppp(points[, 1], points[, 2], window = window)
list_of <- function(x) paste0("[", paste(format(as.numeric(x), digits = 10), collapse = ", "), "]")
sigmas <- c(300, 400, 500, 700, 900, 1200)
likelihood <- sapply(sigmas, function(h) sum(log(density(pattern, sigma = h, at = "points", leaveoneout = TRUE, edge = TRUE))))
centres <- cbind(c(1000, 1500, 5000), c(1000, 4000, 1000))[(seq_len(nrow(points)) - 1) %% 3 + 1, ]
clusters <- ppp(centres[, 1] + 0.06 * (points[, 1] - 3000), centres[, 2] + 0.06 * (points[, 2] - 2500), window = window)
chosen <- bw.ppl(clusters, srange = c(20, 400), ns = 400)
abram <- bw.abram(pattern, h0 = 500, hp = 500, at = "points", trim = 1e6, edge = TRUE)
cat('{"sigmas": ', list_of(sigmas), ',\n"likelihood": ', list_of(likelihood), ',\n"chosen": ', format(as.numeric(chosen), digits = 10),
    ',\n"abramson": ', list_of(abram), '}\n', sep = "")
