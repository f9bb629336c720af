using Forecast.Api.Problems;

namespace Forecast.Api.Reading;

/// <summary>The header by which a repeated request is the same job.</summary>
internal static class IdempotencyKey
{
    private const int MaxLength = 200;

    /// <exception cref="RequestException">400: too long, or blank.</exception>
    public static void Check(string? key)
    {
        if (key is { Length: > MaxLength } || (key is not null && string.IsNullOrWhiteSpace(key)))
            throw RequestException.OfParameter("Idempotency-Key", "idempotency-key-invalid", $"an Idempotency-Key has 1 to {MaxLength} characters that are not all blank");
    }
}
