namespace Forecast.Torch.Tests.Oracle;

internal static partial class OracleCases
{
    private static Dictionary<string, Func<object>>? all;

    /// <summary>All cases by name.</summary>
    public static IReadOnlyDictionary<string, Func<object>> All => all ??= Join();

    private static Dictionary<string, Func<object>> Join() =>
        First.Concat(Second).Concat(InPlace).ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
}
