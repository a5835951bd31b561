import { Component, type ReactNode } from "react";
import { Icon } from "../components/icon";

interface Props {
  /** Another value shows the children again. */
  where: string;
  children: ReactNode;
}

/** Keeps a broken page from taking the navigation with it. */
export class ErrorBoundary extends Component<Props, { failed: string | undefined }> {
  override state = { failed: undefined as string | undefined };

  static getDerivedStateFromError() {
    return { failed: "" };
  }

  override componentDidUpdate(before: Props) {
    if (this.state.failed !== undefined && before.where !== this.props.where) this.setState({ failed: undefined });
  }

  override render() {
    if (this.state.failed === undefined) return this.props.children;
    return (
      <main className="c-scroll" id="main" tabIndex={-1}>
        <div className="c-page">
          <div className="c-failed" role="alert">
            <Icon name="warning" size={18} />
            <div>
              <p>This page could not be drawn. The server may have been updated since the console was loaded.</p>
              <p className="c-quiet c-small">If it happens again after loading anew, the browser's console says more.</p>
            </div>
            <button type="button" className="c-button" onClick={() => window.location.reload()}>Load anew</button>
          </div>
        </div>
      </main>
    );
  }
}
