# Adds to the reference values those of R: see make_references.py. Reads inputs.json, writes r.json.
suppressPackageStartupMessages({library(spdep); library(survival); library(jsonlite)})
here <- dirname(normalizePath(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))))
inputs <- fromJSON(file.path(here, "inputs.json"), simplifyMatrix = FALSE, simplifyDataFrame = FALSE)
area <- inputs$chicago
versions <- sapply(c("spdep", "survival"), function(p) as.character(packageVersion(p)))
neighbours <- structure(lapply(area$neighbours, function(x) as.integer(x) + 1L), class = "nb", region.id = area$code)

poisson <- EBest(area$events, area$exposure)
binomial <- EBest(area$inspected, area$exposure, family = "binomial")
clipped <- EBest(c(1, 12, 30, 4, 0, 9), c(2, 60, 200, 25, 3, 40))
local <- EBlocal(area$events, area$exposure, neighbours, geoda = TRUE)

cluster <- lapply(fromJSON(file.path(here, "cluster.json"), simplifyMatrix = FALSE, simplifyDataFrame = FALSE)$cases, function(case) {
  nb <- structure(lapply(case$neighbours, function(x) if (length(x) == 0) 0L else as.integer(unlist(x)) + 1L), class = "nb", region.id = as.character(seq_along(case$values)))
  x <- unlist(case$values)
  rows <- nb2listw(nb, style = "W", zero.policy = TRUE)
  local <- localmoran(x, rows, zero.policy = TRUE)
  list(name = case$name, gi_star = as.numeric(localG(x, nb2listw(include.self(nb), style = "B"))),
       gi_star_rows = as.numeric(localG(x, nb2listw(include.self(nb), style = "W"))), moran = as.numeric(local[, "Ii"]), z = as.numeric(local[, "Z.Ii"]))
})

timing <- lapply(inputs$spells, function(case) {
  fit <- survfit(Surv(unlist(case$time), unlist(case$ended)) ~ 1, conf.type = "log-log")
  steps <- summary(fit)
  mean <- survival:::survmean(fit, rmean = case$horizon)$matrix
  list(name = case$name, times = steps$time, survival = steps$surv, std_error = steps$std.err, low = steps$lower, high = steps$upper,
       mean = mean[["rmean"]], mean_error = mean[["se(rmean)"]], median = mean[["median"]], median_low = mean[["0.95LCL"]], median_high = mean[["0.95UCL"]])
})

ratios <- lapply(fromJSON(file.path(here, "rates.json"), simplifyVector = FALSE)$differences, function(row) {
  k <- c(row[[1]], row[[3]]); b <- c(row[[2]], row[[4]])
  test <- poisson.test(k, b)
  one_sided <- min(poisson.test(k, b, alternative = "less")$p.value, poisson.test(k, b, alternative = "greater")$p.value)
  list(k = k, b = b, ratio = test$estimate[[1]], low = test$conf.int[1], high = test$conf.int[2], p = min(1, 2 * one_sided))
})

# Garwood, Wilson and Clopper-Pearson.
counts <- lapply(c(0, 1, 3, 10, 57, 250, 40000), function(k) c(k, poisson.test(k)$conf.int))
shares <- lapply(list(c(0, 3), c(1, 4), c(2, 2), c(95, 100), c(500, 20000)), function(kn) {
  c(kn, prop.test(kn[1], kn[2], correct = FALSE)$conf.int, binom.test(kn[1], kn[2])$conf.int)
})

write_json(list(
  made_by = "make_references.R", versions = as.list(c(R = as.character(getRversion()), versions)),
  ratios = ratios, counts = counts, shares = shares,
  cluster = cluster,
  timing = timing,
  smooth = list(poisson = poisson$estmm, a = attr(poisson, "parameters")$a, binomial = binomial$estmm, clipped = clipped$estmm,
                local = local$est, local_mean = attr(local, "parameters")$m, local_variance = attr(local, "parameters")$a)
), file.path(here, "r.json"), digits = NA, auto_unbox = TRUE, na = "null")
