using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Forecast.Core;
using Forecast.Store.Keys;

namespace Forecast.Hosting.Keys;

/// <summary>
/// A key as its user holds it: <c>fc_ID_SECRET</c>. The id finds the key, the secret (256 random bits) proves it; the store holds the
/// SHA-256 of the secret only, so that whoever reads the store cannot use the keys. A slow hash would add nothing: a random secret
/// of this length cannot be guessed.
/// </summary>
/// <param name="Id">16 hexadecimal digits.</param>
/// <param name="Secret">43 characters of base64url.</param>
public sealed record ApiKey(string Id, string Secret)
{
    private const string Head = "fc_";
    private const int IdLength = 16;
    private const int SecretLength = 43;

    /// <summary>What a key may open.</summary>
    public static IReadOnlyList<string> Scopes { get; } = [ReadScope, ForecastScope, DataScope, JobScope, RegistryScope];

    /// <summary>Scope of everything that only looks.</summary>
    public const string ReadScope = "read";

    /// <summary>Scope of forecasts and risk figures now.</summary>
    public const string ForecastScope = "forecast";

    /// <summary>Scope of uploads.</summary>
    public const string DataScope = "data";

    /// <summary>Scope of jobs: starting and cancelling them.</summary>
    public const string JobScope = "jobs";

    /// <summary>Scope of the model registry: registering, promoting, retiring.</summary>
    public const string RegistryScope = "registry";

    /// <summary>The key as its user sends it.</summary>
    public string Text => $"{Head}{Id}_{Secret}";

    /// <summary>SHA-256 of the secret, lower-case hex.</summary>
    public string SecretHash => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(Secret)));

    /// <summary>A new key.</summary>
    public static ApiKey Create() => new(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdLength / 2)), Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)));

    /// <summary>Null when the text is no key.</summary>
    public static ApiKey? TryParse(string? text) =>
        text is { Length: 3 + IdLength + 1 + SecretLength } && text.StartsWith(Head, StringComparison.Ordinal) && text[Head.Length + IdLength] == '_'
            && text.AsSpan(Head.Length, IdLength).IndexOfAnyExcept("0123456789abcdef") < 0 && text.All(char.IsAscii)
            ? new ApiKey(text.Substring(Head.Length, IdLength), text[(Head.Length + IdLength + 1)..])
            : null;

    /// <summary>Whether this is the key that the store knows under its id; takes the same time whatever differs.</summary>
    public bool Proves(StoredApiKey stored)
    {
        ArgumentNullException.ThrowIfNull(stored);
        return CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(SecretHash), Encoding.ASCII.GetBytes(stored.SecretHash));
    }

    /// <summary>Scopes from <c>read,forecast</c> or <c>all</c>.</summary>
    /// <exception cref="ForecastException"><c>scope-unknown</c>.</exception>
    public static IReadOnlyList<string> ReadScopes(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text == "all") return Scopes;
        var wanted = text.Split(',', StringSplitOptions.TrimEntries);
        foreach (var scope in wanted)
        {
            if (!Scopes.Contains(scope, StringComparer.Ordinal)) throw new ForecastException("scope-unknown", $"there is no scope '{scope}'; known are {string.Join(", ", Scopes)}, and all", "scopes");
        }

        return [.. Scopes.Where(s => wanted.Contains(s, StringComparer.Ordinal))];
    }
}
