using Forecast.Backtest.Results;
using Forecast.Hosting.Serialization;
using Forecast.Store.Runs;
using NodaTime;

namespace Forecast.Hosting.Backtests;

/// <summary>What a leakage certificate says without its lines, which are the folds in the store.</summary>
/// <param name="Verdict"><c>clean</c>, <c>contaminated</c>, <c>unknown</c>.</param>
/// <param name="Exposure">For each model its exposure and why.</param>
/// <param name="Violations">Lines that break a rule, at most <see cref="MostViolations"/>.</param>
/// <param name="ViolationCount">How many there are.</param>
/// <param name="Folds">Lines checked.</param>
/// <param name="LatestAvailableAt">The latest publication that any fold could read.</param>
public sealed record CertificateSummary(string Verdict, IReadOnlyDictionary<string, string> Exposure, IReadOnlyList<string> Violations, int ViolationCount, int Folds, Instant? LatestAvailableAt)
{
    /// <summary>Violations told one by one; the report has all.</summary>
    public const int MostViolations = 100;

    public static CertificateSummary Of(LeakageCertificate certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return new CertificateSummary(
            certificate.Verdict,
            certificate.Exposure,
            [.. certificate.Violations.Take(MostViolations)],
            certificate.Violations.Count,
            certificate.Folds.Count,
            certificate.Folds.Count > 0 ? certificate.Folds.Max(f => f.Fold.LatestAvailableAt) : null);
    }

    /// <summary>The summary of a finished run, or null.</summary>
    public static CertificateSummary? Of(StoredRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return run.CertificateJson is { } json ? HostingJson.Read<CertificateSummary>(json) : null;
    }
}
