global using static Forecast.Api.Tests.Support.Cancellation;

namespace Forecast.Api.Tests.Support;

/// <summary>What ends a test early.</summary>
internal static class Cancellation
{
    public static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
