using System.Threading.RateLimiting;
using Forecast.Api.Problems;
using Microsoft.AspNetCore.RateLimiting;

namespace Forecast.Api.Access;

/// <summary>How much is let in: so many forecasts at once, and so many requests a minute for a key.</summary>
internal static class RateLimits
{
    /// <summary>Name of the policy that bounds how many forecasts are worked on or wait; who may compute is told by their turns (<see cref="Forecast.Hosting.Forecasts.ForecastTurns"/>).</summary>
    public const string ForecastGate = "forecasts";

    /// <summary>A key's bucket is filled so often a minute, so that nobody waits a whole one.</summary>
    private const int Refills = 60;

    public static IServiceCollection AddRateLimits(this IServiceCollection services, ApiLimits limits) => services.AddRateLimiter(limiter =>
    {
        limiter.AddConcurrencyLimiter(ForecastGate, gate =>
        {
            gate.PermitLimit = (int)Math.Min(int.MaxValue, (long)limits.ConcurrentForecasts + limits.WaitingForecasts);
            gate.QueueLimit = 0;
        });
        limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context =>
        {
            var current = context.RequestServices.GetRequiredService<CallerOfRequest>();
            return current.IsKnown && current.Caller is { KeyId: { } key, RequestsPerMinute: > 0 and var perMinute }
                ? RateLimitPartition.GetTokenBucketLimiter(key, _ => Bucket(perMinute))
                : RateLimitPartition.GetNoLimiter("");
        });
        limiter.OnRejected = async (context, _) => await Refusal(context.Lease).ExecuteAsync(context.HttpContext);
    });

    /// <summary>A bucket that tells when it will have a token again is a key's; the gate of forecasts cannot tell.</summary>
    private static ProblemAnswers.Answer Refusal(RateLimitLease lease) => lease.TryGetMetadata(MetadataName.RetryAfter, out var wait)
        ? ProblemAnswers.Of(StatusCodes.Status429TooManyRequests, "rate-limited", "this key has made as many requests as it may in a minute; try again a little later", retryAfterSeconds: Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)))
        : ProblemAnswers.Of(StatusCodes.Status503ServiceUnavailable, "overloaded", "too many forecasts wait already; try again soon", retryAfterSeconds: 1);

    /// <summary>Holds a minute's requests, and gets them back evenly.</summary>
    private static TokenBucketRateLimiterOptions Bucket(int perMinute)
    {
        var portion = Math.Max(1, perMinute / Refills);
        return new TokenBucketRateLimiterOptions
        {
            TokenLimit = perMinute,
            TokensPerPeriod = portion,
            ReplenishmentPeriod = TimeSpan.FromMinutes((double)portion / perMinute),
            QueueLimit = 0,
            AutoReplenishment = true,
        };
    }
}
