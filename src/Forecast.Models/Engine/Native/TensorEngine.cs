namespace Forecast.Models.Engine;

/// <summary>The engine of this build.</summary>
public static class TensorEngine
{
    internal static ITensorEngine Current { get; } = new NativeEngine();

    /// <inheritdoc cref="ITensorEngine.Describe"/>
    public static EngineReport Describe() => Current.Describe();
}
