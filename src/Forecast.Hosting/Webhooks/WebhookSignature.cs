using System.Security.Cryptography;
using System.Text;

namespace Forecast.Hosting.Webhooks;

/// <summary>
/// Signatures of webhooks: <c>v1=</c> and, in lower-case hex, HMAC-SHA256 (RFC 2104) under the webhook's secret over
/// <c>TIMESTAMP.BODY</c>, where TIMESTAMP is what the header <c>Forecast-Timestamp</c> says (seconds since 1970). The time is signed,
/// too, so that a receiver can refuse what somebody recorded and sends again.
/// </summary>
public static class WebhookSignature
{
    public const string Header = "Forecast-Signature";

    public const string TimestampHeader = "Forecast-Timestamp";

    /// <summary>Id of the delivery: a receiver that knows it already has the same delivery before it.</summary>
    public const string DeliveryHeader = "Forecast-Delivery";

    private const int SecretBytes = 32;

    /// <summary>A new secret of 256 random bits.</summary>
    public static string NewSecret() => "whsec_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretBytes));

    /// <param name="secret">The webhook's secret, as it was given out.</param>
    /// <param name="timestamp">Seconds since 1970.</param>
    /// <param name="body">What is sent.</param>
    public static string Of(string secret, long timestamp, string body)
    {
        ArgumentNullException.ThrowIfNull(secret);
        ArgumentNullException.ThrowIfNull(body);
        var signed = Encoding.UTF8.GetBytes(FormattableString.Invariant($"{timestamp}.{body}"));
        return "v1=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed));
    }
}
