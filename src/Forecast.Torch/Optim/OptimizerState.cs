using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What an optimiser remembers about one parameter.</summary>
public abstract class OptimizerState
{
    protected OptimizerState(Parameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
    }

    /// <summary>Sets the state of a parameter that has not been stepped.</summary>
    public abstract void Initialize(OptimizerOptions options);

    /// <summary>Reads what <see cref="SaveStateDict"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are not such a state, or not of the parameter's shape.</exception>
    public abstract void LoadStateDict(BinaryReader reader);

    /// <summary>Copies another parameter's state.</summary>
    /// <exception cref="ArgumentException">It is of another kind or shape.</exception>
    public abstract void LoadStateDict(OptimizerState source);

    public abstract void SaveStateDict(BinaryWriter writer);

    /// <summary>Moves tensors to another device.</summary>
    public virtual void to(Device device)
    {
    }

    /// <summary>Whether two states are alike to within rounding.</summary>
    public virtual bool ApproximatelyEquals(OptimizerState other) => false;

    private protected static T Same<T>(object source) where T : class =>
        source as T ?? throw new ArgumentException($"A {source?.GetType().DeclaringType?.Name} state does not fit a {typeof(T).DeclaringType?.Name} optimiser.", nameof(source));
}
